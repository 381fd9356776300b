namespace Snapshots.Protocol;

/// <summary>
/// What a member reported of one channel: sent at its cut, if it is the source, or delivered, if it is the target. A
/// count above zero makes the other end a member, too.
/// </summary>
/// <param name="Channel">The channel.</param>
/// <param name="End">Which end counted.</param>
/// <param name="Count">The messages that it had sent or delivered at its cut.</param>
public readonly record struct EndCount(ChannelId Channel, ChannelEnd End, MessageCount Count)
{
    /// <summary>The process that counted.</summary>
    public ProcessId Counter => End == ChannelEnd.Source ? Channel.Source : Channel.Target;

    /// <summary>The process at the other end, whose part has to hear of it.</summary>
    public ProcessId Peer => End == ChannelEnd.Source ? Channel.Target : Channel.Source;
}
