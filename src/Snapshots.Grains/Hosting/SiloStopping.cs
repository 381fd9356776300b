namespace Snapshots.Grains;

/// <summary>
/// Tells what works outside the grains' turns that the silo is going away: what is left then is done by the next one.
/// </summary>
internal sealed class SiloStopping : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public SiloStopping() => Token = _source.Token;

    /// <summary>Cancelled when the silo begins to stop; may be looked at also after the silo is gone.</summary>
    public CancellationToken Token { get; }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(SiloStopping), ServiceLifecycleStage.Last, static _ => Task.CompletedTask, _ => _source.CancelAsync());

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
