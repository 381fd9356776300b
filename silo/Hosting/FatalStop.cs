namespace Snapshots.Silo.Hosting;

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
