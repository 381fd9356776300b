using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>The recording of one incoming channel, as it is persisted.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Source">The channel's source.</param>
/// <param name="DeliveredBefore">Messages delivered on the channel at the cut.</param>
/// <param name="Status">Recording, closed, or settled.</param>
/// <param name="Messages">What was recorded and is not yet accepted by the collector; empty once settled.</param>
public sealed record ChannelRecordingRecord<TMessage>(
    ProcessId Source,
    MessageCount DeliveredBefore,
    ChannelRecordingStatus Status,
    ImmutableArray<TMessage> Messages);

/// <summary>What has changed in the recording of one incoming channel since it was last written.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Source">The channel's source.</param>
/// <param name="DeliveredBefore">Messages delivered on the channel at the cut.</param>
/// <param name="Status">Recording, closed, or settled.</param>
/// <param name="KeptMessages">How many messages are as they were written before.</param>
/// <param name="Messages">The messages after those.</param>
public sealed record ChannelRecordingChange<TMessage>(
    ProcessId Source,
    MessageCount DeliveredBefore,
    ChannelRecordingStatus Status,
    int KeptMessages,
    ImmutableArray<TMessage> Messages);
