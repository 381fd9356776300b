using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary>A snapshot as it stands at the end of a script.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Number">Its number, from 1 in the order in which the snapshots began.</param>
/// <param name="Initiator">The process that initiated it first.</param>
/// <param name="Progress">How much of it is there.</param>
/// <param name="State">
/// The global state, none while it is running. It has every channel that the script declares, sooner or later,
/// between two of its members; one that carried nothing before the cut stands there with counts of 0.
/// </param>
public sealed record ReplaySnapshot(
    SnapshotId Id,
    SnapshotNumber Number,
    ProcessId Initiator,
    CollectionProgress Progress,
    GlobalState<TokenState, TokenMessage>? State)
{
    /// <summary>Whether it has completed; else it is running.</summary>
    public bool IsComplete => State is not null;
}
