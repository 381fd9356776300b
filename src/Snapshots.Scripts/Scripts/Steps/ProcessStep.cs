using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary><c>process P 2</c>: opens a process that holds tokens from the start.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Process">The process, not opened before.</param>
/// <param name="Tokens">Its tokens, 0 to <see cref="ScriptLimits.MaxAmount"/>.</param>
public sealed record ProcessStep(int Line, ProcessId Process, long Tokens) : ScriptStep(Line);
