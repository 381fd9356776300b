namespace Snapshots.Protocol;

/// <summary>A message in transit, with its place among its channel's messages.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Message">The message.</param>
public readonly record struct NumberedMessage<TMessage>(MessageCount Number, TMessage Message);
