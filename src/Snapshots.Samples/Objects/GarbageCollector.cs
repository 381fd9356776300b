namespace Snapshots.Samples;

/// <summary>
/// Removes garbage while the objects are used: condemned by one snapshot, found again by a second one, and removed only
/// if the object itself is as the second one shows it.
/// </summary>
/// <param name="grains">Where the grains are found.</param>
/// <param name="snapshots">Takes snapshots of <see cref="ObjectsApplication"/>.</param>
public sealed class GarbageCollector(IGrainFactory grains, SnapshotClient snapshots)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Takes two snapshots, named after <paramref name="round"/>, and returns the objects removed.</summary>
    /// <exception cref="SnapshotAbortedException">A snapshot was aborted.</exception>
    public async Task<ImmutableArray<ProcessId>> CollectAsync(string round, CancellationToken cancellationToken)
    {
        var condemned = GarbageCheck.Find(await TakeAsync($"{round}-1", cancellationToken));
        if (condemned.IsEmpty) return [];
        var state = await TakeAsync($"{round}-2", cancellationToken);
        var garbage = GarbageCheck.Find(state).Intersect(condemned).Order().ToList();
        var found = state.Processes.ToDictionary(process => process.Id, process => process.State);
        var removed = ImmutableArray.CreateBuilder<ProcessId>();
        foreach (var each in garbage)
        {
            var refusal = await Grain(each).RemoveAsync(found.GetValueOrDefault(each, ObjectState.Empty));
            if (refusal is not null) continue;
            removed.Add(each);
            foreach (var process in state.Processes)
            {
                if (process.State.Created.Has(each)) await Grain(process.Id).ForgetAsync(each);
            }
        }

        return removed.ToImmutable();
    }

    private Task<GlobalState<ObjectState, ObjectMessage>> TakeAsync(string id, CancellationToken cancellationToken) =>
        snapshots.TakeAsync<ObjectState, ObjectMessage>(
            new(new SnapshotId(id), Initiator: default, Timeout), cancellationToken);

    private IObjectGrain Grain(ProcessId id) => grains.GetGrain<IObjectGrain>(id.Value);
}
