using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary><c>expect s1 complete</c> or <c>expect s1 running</c>: whether a snapshot has completed.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Snapshot">A snapshot that has begun.</param>
/// <param name="IsComplete">Whether it is to be complete; else it is to be running still.</param>
public sealed record ExpectStatusStep(int Line, SnapshotId Snapshot, bool IsComplete) : ScriptStep(Line);
