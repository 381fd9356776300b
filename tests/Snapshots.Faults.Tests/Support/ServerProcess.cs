using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Snapshots.Faults.Tests;

/// <summary>
/// A program in a process of its own: its lines, its signals, its end. Killed at the latest when disposed of.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Task _pumps;

    private ServerProcess(Process process)
    {
        _process = process;
        _pumps = Task.WhenAll(PumpAsync(process.StandardOutput, _output), PumpAsync(process.StandardError, _errors));
    }

    public static string SiloFile { get; } = Path.Combine(Folder("SiloFolder"), "snapshots-silo");

    public static string ClientFile { get; } = Path.Combine(Folder("ClientFolder"), "snapshots");

    public IReadOnlyCollection<string> Output => _output;

    public IReadOnlyCollection<string> Errors => _errors;

    public bool HasExited => _process.HasExited;

    public static ServerProcess Start(string file, string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList()) start.Environment.Remove(name);
        // The program shall find the runtime that runs this test, wherever it is installed.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return new ServerProcess(Process.Start(start)!);
    }

    public void Send(Signal signal) => Assert.Equal(0, NativeMethods.Kill(_process.Id, (int)signal));

    /// <summary>SIGKILL, and the end of the process.</summary>
    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await ExitAsync();
    }

    /// <summary>Waits for the end; returns the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        await _pumps.WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Waits for a line on stdout, and returns it; fails if the process ends before.</summary>
    public async Task<string> SaidAsync(string start)
    {
        await SaidOrEndedAsync(start);
        var line = FindLine(start);
        if (line is null) Assert.Fail($"it has ended: {this}");
        return line;
    }

    /// <summary>Waits for a line on stdout, or the end of the process and of its lines.</summary>
    public async Task SaidOrEndedAsync(string start)
    {
        await Wait.UntilAsync(
            $"it says '{start}'", () => Task.FromResult(FindLine(start) is not null || _process.HasExited));
        if (_process.HasExited) await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _pumps.WaitAsync(Patience);
        _process.Dispose();
    }

    public override string ToString() => string.Join('\n', _output.Concat(_errors.TakeLast(20)));

    private string? FindLine(string start) =>
        _output.FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));

    private static string Folder(string key) => Path.GetFullPath(
        typeof(ServerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == key).Value!);

    private static bool IsOurs(string variable) => variable.StartsWith("Snapshots", StringComparison.OrdinalIgnoreCase);

    private static async Task PumpAsync(StreamReader from, ConcurrentQueue<string> to)
    {
        while (await from.ReadLineAsync() is { } line) to.Enqueue(line);
    }
}
