namespace Snapshots.Grains;

/// <summary>A packet and the inbox that it is for.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.inbox-packet")]
internal readonly record struct InboxPacket([property: Id(0)] StreamId Inbox, [property: Id(1)] Packet Packet);

/// <summary>
/// One stream queue of the cluster: how other silos than its own put packets there, and take them. It is activated where
/// it is called first, which is most often in the silo whose pulling agent reads it, and stays there.
/// </summary>
[Alias("snapshots.frame-queue")]
internal interface IFrameQueue : IGrainWithStringKey
{
    /// <summary>
    /// After this a call counts as lost. A pulling agent waits for its call, and reads nothing meanwhile.
    /// </summary>
    private const string Timeout = "00:00:05";

    /// <summary>Adds packets; false, and none is added, when the queue is full or has no reader.</summary>
    [Alias("put")]
    [ResponseTimeout(Timeout)]
    Task<bool> PutAsync([Immutable] InboxPacket[] packets);

    /// <summary>Takes all that waits.</summary>
    [Alias("take")]
    [ResponseTimeout(Timeout)]
    Task<FrameBatch[]> TakeAsync();
}

/// <summary>See <see cref="IFrameQueue"/>.</summary>
[Orleans.Placement.PreferLocalPlacement]
internal sealed class FrameQueueGrain(FrameQueues queues) : Grain, IFrameQueue
{
    private FrameQueue? _queue;

    private FrameQueue Queue => _queue ?? throw new InvalidOperationException("the queue is not active");

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _queue = queues.Open(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _queue?.Close();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> PutAsync(InboxPacket[] packets)
    {
        var isPut = Queue.TryPut(packets);
        if (Queue.IsForgotten) DeactivateOnIdle(); // Its reader may read another activation of it.
        return Task.FromResult(isPut);
    }

    /// <inheritdoc/>
    public Task<FrameBatch[]> TakeAsync() => Task.FromResult<FrameBatch[]>([.. Queue.TakeAll().Cast<FrameBatch>()]);
}
