namespace Snapshots.Protocol;

/// <summary>A message to send.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Target">To whom; never the sender itself.</param>
/// <param name="Message">The message.</param>
public readonly record struct Outgoing<TMessage>(ProcessId Target, TMessage Message);
