using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Where the members of a completed snapshot recorded, as places in their histories.</summary>
internal sealed class Cuts<TState, TMessage>
{
    private readonly Dictionary<ProcessId, int> _places = [];

    public Cuts(TraceIndex<TState, TMessage> index, SnapshotCompleted<TState, TMessage> completed)
    {
        foreach (var member in completed.State.Processes)
        {
            if (index.HistoryOf(member.Id)?.CutOf(completed.Snapshot) is { } place) _places[member.Id] = place;
        }
    }

    /// <summary>The members that have a cut.</summary>
    public IReadOnlyDictionary<ProcessId, int> Places => _places;

    /// <summary>The place of a member's cut; none for others.</summary>
    public int? Find(ProcessId process) => _places.TryGetValue(process, out var place) ? place : null;
}
