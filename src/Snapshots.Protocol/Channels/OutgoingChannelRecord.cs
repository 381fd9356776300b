using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>The sender's half of a channel, as it is persisted.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Target">The process that receives.</param>
/// <param name="Acknowledged">The frame up to which the receiver has acknowledged.</param>
/// <param name="AcknowledgedDigest">The digest of the messages up to that frame.</param>
/// <param name="Last">The last frame number given out.</param>
/// <param name="Sent">How many messages were sent.</param>
/// <param name="Unacknowledged">
/// The frames after <paramref name="Acknowledged"/>, without a gap, up to <paramref name="Last"/>; in a difference, those of them after
/// <see cref="KeptUpTo"/>.
/// </param>
public sealed record OutgoingChannelRecord<TMessage>(
    ProcessId Target,
    FrameNumber Acknowledged,
    MessageDigest AcknowledgedDigest,
    FrameNumber Last,
    MessageCount Sent,
    ImmutableArray<OutboxEntry<TMessage>> Unacknowledged)
{
    /// <summary>
    /// In a difference, the last of the unacknowledged frames that are the same as in the record that it differs from, and left out
    /// here; <c>default</c> if none are, as in every whole record.
    /// </summary>
    public FrameNumber KeptUpTo { get; init; }
}
