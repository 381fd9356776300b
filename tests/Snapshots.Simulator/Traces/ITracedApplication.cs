using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>An application, and what the invariants have to know of it.</summary>
/// <typeparam name="TState">The application's state of one process; equality compares content.</typeparam>
/// <typeparam name="TMessage">What the application sends; equality compares content.</typeparam>
public interface ITracedApplication<TState, TMessage> : IApplication<TState, TMessage>
{
    /// <summary>A stable 64-bit fingerprint of a state, the same on every machine and version.</summary>
    ulong FingerprintOf(TState state);

    /// <summary>
    /// What a state holds, less what came into the system through it. Over a consistent cut it adds up to 0 with the
    /// messages.
    /// </summary>
    long WorthOf(TState state);

    /// <summary>What a message carries.</summary>
    long WorthOf(TMessage message);

    /// <summary>A number that no two messages of a run share, however often one is repeated.</summary>
    long IdentityOf(TMessage message);

    /// <summary>A record that was written to bytes and read again.</summary>
    ProcessRecord<TState, TMessage> Copy(ProcessRecord<TState, TMessage> record);
}
