namespace Snapshots.Protocol;

/// <summary>
/// The receiver's half of a channel, as it is persisted. Frames held back are no part of it: they are not acknowledged,
/// so they come again.
/// </summary>
/// <param name="Source">The process that sends.</param>
/// <param name="Delivered">The last frame delivered.</param>
/// <param name="Messages">How many messages were delivered.</param>
/// <param name="Digest">The running digest of those messages.</param>
public sealed record IncomingChannelRecord(
    ProcessId Source,
    FrameNumber Delivered,
    MessageCount Messages,
    MessageDigest Digest);
