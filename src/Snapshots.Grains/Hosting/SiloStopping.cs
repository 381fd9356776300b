namespace Snapshots.Grains;

/// <summary>Tells what works outside the grains' turns that the silo is going away: what is left then is done by the next one.</summary>
internal sealed class SiloStopping : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Cancelled when the silo begins to stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(SiloStopping), ServiceLifecycleStage.Last, static _ => Task.CompletedTask, _ => _source.CancelAsync());

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
