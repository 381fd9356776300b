namespace Snapshots.Protocol;

/// <summary>A frame that its sender keeps until it is acknowledged.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="First">Its number in the channel.</param>
/// <param name="Last">The same, or the last number of a run of void ones.</param>
/// <param name="Content">What it carries.</param>
/// <param name="DigestAfter">The running digest of all messages up to and including this frame.</param>
public sealed record OutboxEntry<TMessage>(
    FrameNumber First,
    FrameNumber Last,
    FrameContent<TMessage> Content,
    MessageDigest DigestAfter);
