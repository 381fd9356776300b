using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary><c>snapshot s1 P</c>: a process initiates a snapshot, which begins with the first such step.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Process">An open process.</param>
public sealed record SnapshotStep(int Line, SnapshotId Snapshot, ProcessId Process) : ScriptStep(Line);
