using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Snapshots.Storage.Tests;

/// <summary>A real Redis that keeps what it has acknowledged, on a free loopback port. It ends with the test.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly string _port = FreePort();
    private Process? _process;
    private ConnectionMultiplexer? _connection;

    private RedisServer()
    {
    }

    public IConnectionMultiplexer Connection => _connection!;

    /// <summary>Starts one; skips the test, with the reason, where there is none.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        Assert.SkipWhen(FindProgram() is null, "there is no redis-server on the PATH");
        var server = new RedisServer();
        try
        {
            await server.LaunchAsync();
            server._connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server._port},allowAdmin=true");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it, starts it again on what it has kept, and waits until it answers.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await LaunchAsync();
        using var tries = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await Connection.GetDatabase().PingAsync();
                return;
            }
            catch (RedisException) when (!tries.IsCancellationRequested)
            {
                // The connection comes back by itself.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        await KillAsync();
        _folder.Dispose();
    }

    private async Task KillAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Completes when it says that it accepts connections.</summary>
    private async Task LaunchAsync()
    {
        var start = new ProcessStartInfo(
            FindProgram()!,
            ["--port", _port, "--bind", "127.0.0.1", "--appendonly", "yes", "--appendfsync", "always", "--save", ""])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        var said = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            said.Add(line);
            if (!line.Contains("Ready to accept connections", StringComparison.Ordinal)) continue;
            _ = _process.StandardOutput.ReadToEndAsync();
            return;
        }

        Assert.Fail($"redis-server did not start: {string.Join('\n', said)}");
    }

    private static string? FindProgram() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    private static string FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
