using System.Runtime.InteropServices;

namespace Snapshots.Silo;

/// <summary>
/// Hears SIGTERM and SIGINT (Ctrl-C) from the first moment on, and keeps them from ending the process: the silo stops
/// by itself, within a bounded time. Repeating a signal changes nothing, since <c>dotnet run</c> and a terminal may
/// each send one.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    public StopSignals()
    {
        // A shell script starts a program in the background with SIGINT ignored, and the runtime would leave it so.
        if (!OperatingSystem.IsWindows())
            _ = NativeMethods.SetDisposition(NativeMethods.SignalInterrupt, NativeMethods.DefaultDisposition);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
    }

    /// <summary>Cancelled when the process was told to stop.</summary>
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
/// What Orleans calls when the silo must not go on, above all when the others have declared it dead while it was suspended or cut off:
/// one line on stderr and exit code 1, at once. Nothing more is sent or written by a silo whose grains live elsewhere by now.
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
        Console.Error.WriteLine($"The silo had to stop: {reason}".ReplaceLineEndings(" "));
        if (OperatingSystem.IsWindows()) Environment.FailFast(reason, exception);
        NativeMethods.ExitNow(Failed);
    }

    private string Reason(string? context, Exception? exception)
    {
        // Asked for late: the membership itself is made with this.
        if (services.GetService<ISiloStatusOracle>() is { CurrentStatus: SiloStatus.Dead })
            return "the other silos have declared it dead, since it did not answer them.";
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

    /// <summary>Ends the process without running anything more of it.</summary>
    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void ExitNow(int exitCode);
}
