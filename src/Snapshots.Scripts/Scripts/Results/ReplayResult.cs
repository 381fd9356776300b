using System.Collections.Immutable;

namespace Snapshots.Scripts;

/// <summary>What came of a script. It is the same on every engine, but for the engine's name.</summary>
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
