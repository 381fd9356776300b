using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Snapshots.Silo.Tests;

/// <summary>
/// The program, running: its lines as they come, its signals, its end. Killed at the latest when disposed of.
/// </summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    /// <summary>Far above what anything takes, so that only what hangs runs into it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] PortOptions = ["--silo-port", "--gateway-port", "--http-port"];

    private readonly Process _process;
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _errors = Channel.CreateUnbounded<string>();
    private readonly Task _pumps;

    private SiloProcess(Process process)
    {
        _process = process;
        _pumps = Task.WhenAll(Pump(process.StandardOutput, _output), Pump(process.StandardError, _errors));
    }

    /// <summary>Starts the program on free ports, which the arguments may replace.</summary>
    public static SiloProcess StartOnFreePorts(string directory, params string[] arguments)
    {
        var ports = PortOptions.Except(arguments).Select(option => $"{option}=0");
        return Start(directory, [.. arguments, .. ports]);
    }

    /// <summary>Starts the program in a directory, with nothing but these arguments.</summary>
    public static SiloProcess Start(string directory, params string[] arguments) =>
        Start(BuiltProgram.Original, directory, new Dictionary<string, string>(), arguments);

    public static SiloProcess Start(
        BuiltProgram program,
        string directory,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments)
    {
        var start = new ProcessStartInfo(program.File, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        // The program shall find the runtime that runs this test, wherever it is installed.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return new SiloProcess(Process.Start(start)!);
    }

    /// <summary>Waits for the line that says that the silo is ready.</summary>
    public async Task<SiloReady> Ready()
    {
        using var patience = new CancellationTokenSource(Patience);
        if (await _output.Reader.WaitToReadAsync(patience.Token))
            return SiloReady.Parse(await _output.Reader.ReadAsync(patience.Token));

        var exit = await Exit();
        throw new InvalidOperationException($"exit {exit.Code}: {string.Join('\n', exit.Errors)}");
    }

    /// <summary>Waits for a line on stderr that contains a text; takes all lines up to it.</summary>
    public async Task Logged(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var line in _errors.Reader.ReadAllAsync(patience.Token))
        {
            if (line.Contains(text, StringComparison.Ordinal)) return;
        }

        Assert.Fail($"the silo ended without saying: {text}");
    }

    public void Signal(int signal) => Assert.Equal(0, NativeMethods.Kill(_process.Id, signal));

    /// <summary>Waits for the end, and takes the lines that nobody has taken before.</summary>
    public async Task<SiloExit> Exit()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        await _pumps.WaitAsync(Patience);
        return new SiloExit(
            _process.ExitCode,
            await _output.Reader.ReadAllAsync().ToListAsync(),
            await _errors.Reader.ReadAllAsync().ToListAsync());
    }

    public async Task<SiloExit> Stop(int signal = NativeMethods.SignalTerminate)
    {
        Signal(signal);
        return await Exit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _pumps.WaitAsync(Patience);
        _process.Dispose();
    }

    private static bool IsOurs(string variable) => variable.StartsWith("Snapshots", StringComparison.OrdinalIgnoreCase);

    private static async Task Pump(StreamReader from, Channel<string> to)
    {
        while (await from.ReadLineAsync() is { } line) to.Writer.TryWrite(line);
        to.Writer.Complete();
    }
}
