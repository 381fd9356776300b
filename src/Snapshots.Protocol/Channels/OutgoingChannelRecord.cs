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
/// The frames after <paramref name="Acknowledged"/>, without a gap, up to <paramref name="Last"/>.
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
    /// The ordinal of the last recording whose marker the channel carries; see
    /// <see cref="RecordingRecord{TState, TMessage}.Ordinal"/>. Open recordings above it are owed.
    /// </summary>
    public long MarkedUpTo { get; init; }
}

/// <summary>What has changed in the sender's half of a channel since it was last written.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Target">The process that receives.</param>
/// <param name="Acknowledged">The frame up to which the receiver has acknowledged.</param>
/// <param name="AcknowledgedDigest">The digest of the messages up to that frame.</param>
/// <param name="Last">The last frame number given out.</param>
/// <param name="Sent">How many messages were sent.</param>
/// <param name="KeptUpTo">
/// The frames after <paramref name="Acknowledged"/> up to this one are as they were written before; at least
/// <paramref name="Acknowledged"/>.
/// </param>
/// <param name="Entries">The frames after <paramref name="KeptUpTo"/>, up to <paramref name="Last"/>.</param>
public sealed record OutgoingChannelChange<TMessage>(
    ProcessId Target,
    FrameNumber Acknowledged,
    MessageDigest AcknowledgedDigest,
    FrameNumber Last,
    MessageCount Sent,
    FrameNumber KeptUpTo,
    ImmutableArray<OutboxEntry<TMessage>> Entries)
{
    /// <inheritdoc cref="OutgoingChannelRecord{TMessage}.MarkedUpTo"/>
    public long MarkedUpTo { get; init; }
}
