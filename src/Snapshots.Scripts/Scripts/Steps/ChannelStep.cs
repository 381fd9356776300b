using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary><c>channel P Q</c>: opens a directed channel.</summary>
/// <param name="Line">Its line in the script, from 1.</param>
/// <param name="Channel">The channel, not opened before, between two processes that are open.</param>
public sealed record ChannelStep(int Line, ChannelId Channel) : ScriptStep(Line);
