using System.Runtime.InteropServices;

namespace Snapshots.Silo.Hosting;

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
