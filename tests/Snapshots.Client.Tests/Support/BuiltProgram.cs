using System.Diagnostics;
using System.Globalization;

namespace Snapshots.Client.Tests;

/// <summary>The program as it was built, in a process of its own.</summary>
internal sealed class BuiltProgram : IDisposable
{
    /// <summary>Turns a hang into a failure; never waited for in a run that passes.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private BuiltProgram(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _error = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>
    /// Beside this test's own folder <c>tests/Snapshots.Client.Tests/bin/CONFIGURATION/FRAMEWORK</c>:
    /// <c>client/bin/CONFIGURATION/FRAMEWORK/snapshots</c>.
    /// </summary>
    private static string Path
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
            var configuration = framework.Parent!;
            var root = configuration.Parent!.Parent!.Parent!.Parent!;
            return System.IO.Path.Combine(
                root.FullName, "client", "bin", configuration.Name, framework.Name, "snapshots");
        }
    }

    public static async Task<ProgramResult> RunAsync(params string[] args)
    {
        using var program = Start(args);
        return await program.EndAsync();
    }

    public static BuiltProgram Start(params string[] args)
    {
        // A runner that was started in the background hands on an ignored SIGINT; env gives it back its meaning, and is
        // then replaced.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,TERM", Path, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Remove("SNAPSHOTS_GATEWAY");
        return new(Process.Start(start)!);
    }

    /// <summary>Sends a signal, such as <c>INT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for something that the program does; fails if it ends before.</summary>
    public async Task UntilAsync(Task happened)
    {
        var ended = _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(happened, ended).WaitAsync(MaxTime) == ended)
            Assert.Fail($"the program ended too early: {await EndAsync()}");
        await happened.WaitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<ProgramResult> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(MaxTime);
        return new(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
