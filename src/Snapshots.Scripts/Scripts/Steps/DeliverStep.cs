using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary><c>deliver P Q</c>: delivers the frame at the head of a channel, message or marker.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Channel">A channel that is open; whether a frame waits on it shows later.</param>
public sealed record DeliverStep(int Line, ChannelId Channel) : ScriptStep(Line);
