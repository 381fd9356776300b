using System.Collections.Immutable;

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
public sealed record Acknowledgement(ChannelId Channel, Epoch Epoch, FrameNumber UpTo, MessageDigest Digest)
{
    /// <summary>
    /// The snapshots that the receiver has open recordings of, in the record that has the count. The sender records
    /// them before it takes the count: else it could cut without a marker on a channel that the receiver still records.
    /// </summary>
    public ImmutableArray<SnapshotNumber> Recording { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(Acknowledgement? other) => other is not null
        && Channel == other.Channel && Epoch == other.Epoch && UpTo == other.UpTo && Digest == other.Digest
        && Recording.AsSpan().SequenceEqual(other.Recording.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Channel, Epoch, UpTo, Digest, Recording.Length);
}
