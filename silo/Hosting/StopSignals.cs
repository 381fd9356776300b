using System.Runtime.InteropServices;

namespace Snapshots.Silo;

/// <summary>
/// Handles SIGTERM and SIGINT (Ctrl-C) from the first moment. They do not end the process: the silo stops by itself, in
/// a bounded time. A repeated signal changes nothing, since <c>dotnet run</c> and a terminal may each send one.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    public StopSignals()
    {
        // A shell script starts background programs with SIGINT ignored, and the runtime would not change that.
        if (!OperatingSystem.IsWindows())
            _ = NativeMethods.SetDisposition(NativeMethods.SignalInterrupt, NativeMethods.DefaultDisposition);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
    }

    /// <summary>Cancelled when the process is asked to stop.</summary>
    public CancellationToken Requested => _requested.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _requested.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        _requested.Cancel();
    }
}

/// <summary>
/// Ends the process when Orleans reports that the silo must not go on: one line on stderr and exit code 1, at once. The
/// main case: the other silos declared it dead while it was suspended or cut off. Its grains may already be active
/// elsewhere, so it must send and write nothing more.
/// </summary>
internal sealed class FatalStop(IServiceProvider services) : IFatalErrorHandler
{
    private const int Failed = 1;
    private int _hasStopped;

    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        if (Interlocked.Exchange(ref _hasStopped, 1) != 0) return;
        var reason = Reason(context, exception);
        Console.Error.WriteLine($"The silo must stop: {reason}".ReplaceLineEndings(" "));
        if (OperatingSystem.IsWindows()) Environment.FailFast(reason, exception);
        NativeMethods.ExitNow(Failed);
    }

    private string Reason(string? context, Exception? exception)
    {
        // Resolved late: the membership depends on this handler.
        if (services.GetService<ISiloStatusOracle>() is { CurrentStatus: SiloStatus.Dead })
            return "the other silos declared it dead, because it did not answer them.";
        return string.Join(' ', new[] { context, exception?.Message }.Where(part => !string.IsNullOrWhiteSpace(part)));
    }
}

internal static class NativeMethods
{
    public const int SignalInterrupt = 2;
    public const nint DefaultDisposition = 0;

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint SetDisposition(int signal, nint disposition);

    /// <summary>Ends the process at once; no more of its code runs.</summary>
    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void ExitNow(int exitCode);
}
