using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Snapshots.Faults.Tests;

/// <summary>A real Redis that keeps what it has acknowledged, on a free loopback port.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _port;
    private ServerProcess _process;

    private readonly string _address;
    private readonly string[] _settings;

    private RedisServer(string address, string[] settings)
    {
        (_address, _settings) = (address, settings);
        using var free = new TcpListener(IPAddress.Parse(address), 0);
        free.Start();
        _port = ((IPEndPoint)free.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        free.Stop();
        _process = Launch();
    }

    public string Address => $"{_address}:{_port}";

    /// <summary>Starts one; skips the test, with the reason, where there is none.</summary>
    /// <param name="settings">What it has besides; a later setting wins.</param>
    public static Task<RedisServer> StartAsync(params string[] settings) => StartAtAsync("127.0.0.1", settings);

    /// <summary>As <see cref="StartAsync"/>, on another address of this machine.</summary>
    public static async Task<RedisServer> StartAtAsync(string address, params string[] settings)
    {
        Assert.SkipWhen(FindProgram() is null, "there is no redis-server on the PATH");
        var redis = new RedisServer(address, settings);
        await redis.AnswersAsync();
        return redis;
    }

    /// <summary>Starts it again on what it has kept.</summary>
    public Task RestartAsync()
    {
        _process = Launch();
        return AnswersAsync();
    }

    public void Send(Signal signal) => _process.Send(signal);

    public async Task KillAsync()
    {
        await _process.KillAsync();
        await _process.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static string? FindProgram() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    private ServerProcess Launch() => ServerProcess.Start(
        FindProgram()!,
        _folder.Path,
        [
            "--port", _port, "--bind", _address, "--protected-mode", "no",
            "--appendonly", "yes", "--appendfsync", "always", "--save", "", .. _settings,
        ]);

    private Task<TimeSpan> AnswersAsync() => Wait.UntilAsync($"redis-server answers; {_process}", async () =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // While it loads what it has kept, it takes connections and answers nothing else.
            await socket.ConnectAsync(IPEndPoint.Parse(Address), TestContext.Current.CancellationToken);
            await socket.SendAsync("PING\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            var answer = new byte[64];
            var length = await socket.ReceiveAsync(answer, TestContext.Current.CancellationToken);
            return answer.AsSpan(0, length).StartsWith("+PONG"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    });
}
