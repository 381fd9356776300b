using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary><c>expect s1 process P 1</c>: the local state of a process in a snapshot.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Snapshot">A snapshot that has begun.</param>
/// <param name="Process">An open process.</param>
/// <param name="Tokens">What it is to hold at its cut, 0 to <see cref="ScriptLimits.MaxAmount"/>.</param>
public sealed record ExpectProcessStep(int Line, SnapshotId Snapshot, ProcessId Process, long Tokens)
    : ScriptStep(Line);
