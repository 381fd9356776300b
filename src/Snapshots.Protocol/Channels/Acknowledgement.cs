namespace Snapshots.Protocol;

/// <summary>
/// The receiver's word that it has delivered, and persisted, every frame of a channel up to a number. Cumulative: a
/// later one makes an earlier one superfluous.
/// </summary>
/// <param name="Channel">
/// The channel whose frames are acknowledged (the acknowledgement itself travels the other way).
/// </param>
/// <param name="Epoch">The epoch of the receiver.</param>
/// <param name="UpTo">The last frame delivered.</param>
/// <param name="Digest">The running digest of the messages delivered up to that frame.</param>
public sealed record Acknowledgement(ChannelId Channel, Epoch Epoch, FrameNumber UpTo, MessageDigest Digest);
