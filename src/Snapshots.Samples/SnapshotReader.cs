using Orleans.Serialization;

namespace Snapshots.Samples;

/// <summary>Takes a snapshot of one application and reads its global state, which proves its certificate.</summary>
internal sealed class SnapshotReader<TState, TMessage>(
    IGrainFactory grains, string application, Serializer<TState> states, Serializer<TMessage> messages)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly SnapshotClient _snapshots = new(grains, application);

    public async Task<GlobalState<TState, TMessage>> TakeAsync(SnapshotId id, CancellationToken cancellationToken)
    {
        await _snapshots.BeginAsync(new SnapshotRequest(id, Initiator: default, Timeout));
        var view = await _snapshots.WaitAsync(id, progress: null, cancellationToken);
        return view.Summary.Status == SnapshotStatus.Completed
            ? await _snapshots.ReadAsync(view, states, messages)
            : throw new InvalidOperationException($"the snapshot {id} was aborted: {view.Summary.Reason}");
    }
}
