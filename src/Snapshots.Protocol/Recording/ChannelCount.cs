namespace Snapshots.Protocol;

/// <summary>How many messages one channel had carried at a cut, as one of its ends saw it.</summary>
/// <param name="Peer">The process at the other end.</param>
/// <param name="Count">Messages sent to it, or delivered from it, before the cut.</param>
public readonly record struct ChannelCount(ProcessId Peer, MessageCount Count);
