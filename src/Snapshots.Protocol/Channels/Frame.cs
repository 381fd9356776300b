namespace Snapshots.Protocol;

/// <summary>What a channel carries: a numbered message or a numbered marker, or a run of void numbers.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Channel">The channel that it belongs to.</param>
/// <param name="Epoch">The epoch of its sender.</param>
/// <param name="First">Its number in the channel.</param>
/// <param name="Last">The same number, but for a run of void numbers, where it is the last of the run.</param>
/// <param name="Content">What it carries.</param>
/// <param name="Acknowledged">
/// The number up to which the sender holds acknowledgements. A receiver that has delivered less has lost what it
/// acknowledged.
/// </param>
public sealed record Frame<TMessage>(
    ChannelId Channel,
    Epoch Epoch,
    FrameNumber First,
    FrameNumber Last,
    FrameContent<TMessage> Content,
    FrameNumber Acknowledged);
