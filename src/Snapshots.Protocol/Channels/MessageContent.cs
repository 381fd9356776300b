namespace Snapshots.Protocol;

/// <summary>An application message.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Number">The message's place among the channel's messages, from 1; markers are not counted.</param>
/// <param name="Message">The message itself.</param>
public sealed record MessageContent<TMessage>(MessageCount Number, TMessage Message) : FrameContent<TMessage>;
