using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary><c>expect now process P 1</c>: the tokens that a process holds at this point of the script.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Process">An open process.</param>
/// <param name="Tokens">What it is to hold, 0 to <see cref="ScriptLimits.MaxAmount"/>.</param>
public sealed record ExpectNowStep(int Line, ProcessId Process, long Tokens) : ScriptStep(Line);
