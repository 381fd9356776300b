using Orleans.Runtime.Placement;

namespace Snapshots.Grains;

/// <summary>A packet and the inbox that it is for.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.inbox-packet")]
internal readonly record struct InboxPacket([property: Id(0)] StreamId Inbox, [property: Id(1)] Packet Packet);

/// <summary>
/// One stream queue of the cluster: it lives in the silo whose pulling agent reads it, and is how other silos reach it.
/// </summary>
[Alias("snapshots.frame-queue")]
internal interface IFrameQueue : IGrainWithStringKey
{
    /// <summary>Adds packets; false, and none is added, when the queue is full.</summary>
    [Alias("put")]
    Task<bool> PutAsync([Immutable] InboxPacket[] packets);

    /// <summary>Takes all that waits. A queue that is read from another silo moves there.</summary>
    [Alias("take")]
    Task<FrameBatch[]> TakeAsync(SiloAddress reader);
}

/// <summary>See <see cref="IFrameQueue"/>.</summary>
[Orleans.Placement.PreferLocalPlacement]
internal sealed class FrameQueueGrain(FrameQueues queues, ILocalSiloDetails silo) : Grain, IFrameQueue
{
    private FrameQueue _queue = new();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _queue = queues.Of(this.GetPrimaryKeyString());
        _queue.Open();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _queue.Close();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> PutAsync(InboxPacket[] packets) => Task.FromResult(_queue.TryPut(packets));

    /// <inheritdoc/>
    public Task<FrameBatch[]> TakeAsync(SiloAddress reader)
    {
        var batches = _queue.TakeAll();
        if (!reader.Equals(silo.SiloAddress))
        {
            _queue.Close(); // Senders in this silo no longer put here without a call.
            RequestContext.Set(IPlacementDirector.PlacementHintKey, reader);
            this.MigrateOnIdle();
        }

        return Task.FromResult<FrameBatch[]>([.. batches.Cast<FrameBatch>()]);
    }
}
