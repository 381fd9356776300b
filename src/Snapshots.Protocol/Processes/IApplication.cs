namespace Snapshots.Protocol;

/// <summary>
/// What runs on the protocol: a local state, messages, and a pure handler. The state must be immutable, since a
/// recording keeps it by reference.
/// </summary>
/// <typeparam name="TState">The application's state of one process; immutable.</typeparam>
/// <typeparam name="TMessage">What the application sends; immutable.</typeparam>
public interface IApplication<TState, TMessage>
{
    /// <summary>The state of a process that has done nothing yet.</summary>
    TState CreateState(ProcessId self);

    /// <summary>
    /// What a delivered message does: the new state and the messages to send. Pure: same arguments, same reaction. It
    /// must not throw: a message that cannot be used is answered or absorbed.
    /// </summary>
    Reaction<TState, TMessage> Deliver(ProcessId self, TState state, ProcessId source, TMessage message);

    /// <summary>
    /// A stable 64-bit fingerprint of a message, the same on every machine and version; see
    /// <see cref="MessageDigest"/>.
    /// </summary>
    ulong Fingerprint(TMessage message);
}
