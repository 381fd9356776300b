namespace Snapshots.Scripts;

/// <summary>The result of a script. It is equal on every engine, except for the engine's name.</summary>
/// <param name="Engine">The name of the engine that ran it.</param>
/// <param name="Failures">Every expectation that failed, one line each, in the order of the script.</param>
/// <param name="Snapshots">The snapshots, in ordinal order of their ids.</param>
/// <param name="Final">The processes at the end, in ordinal order of their ids.</param>
public sealed record ReplayResult(
    string Engine,
    ImmutableArray<string> Failures,
    ImmutableArray<ReplaySnapshot> Snapshots,
    ImmutableArray<ReplayProcess> Final)
{
    /// <summary>Whether every expectation held.</summary>
    public bool Passed => Failures.IsEmpty;
}

/// <summary>A snapshot at the end of a script.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Number">Its number, from 1 in the order in which the snapshots began.</param>
/// <param name="Initiator">The process that initiated it first.</param>
/// <param name="Progress">Its progress.</param>
/// <param name="State">
/// The global state; null while the snapshot is running. It has every channel that the script declares anywhere between
/// two members; one that carried nothing before the cut has counts of 0.
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

/// <summary>What a process holds at the end of a script.</summary>
/// <param name="Id">The process.</param>
/// <param name="Tokens">Its tokens.</param>
public sealed record ReplayProcess(ProcessId Id, long Tokens);
