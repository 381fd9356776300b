using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary><c>send P Q 1</c>: debits the source and puts a message on the channel.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Channel">A channel that is open.</param>
/// <param name="Amount">
/// How many tokens, 1 to <see cref="ScriptLimits.MaxAmount"/>; whether the source holds them shows later.
/// </param>
public sealed record SendStep(int Line, ChannelId Channel, long Amount) : ScriptStep(Line);
