using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// The state of one channel in a global state: what was in transit at the cut, and the counts that prove it.
/// </summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Channel">The channel.</param>
/// <param name="Sent">Messages sent before the source's cut.</param>
/// <param name="Delivered">Messages delivered before the target's cut.</param>
/// <param name="Messages">The messages Delivered+1 … Sent, in order.</param>
public sealed record ChannelState<TMessage>(
    ChannelId Channel,
    MessageCount Sent,
    MessageCount Delivered,
    ImmutableArray<NumberedMessage<TMessage>> Messages);
