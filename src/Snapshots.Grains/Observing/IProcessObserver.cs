using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Sees what the processes of an application do in a silo, for a program that judges a run afterwards. Optional: where
/// no such service is registered, processes do nothing for it. Called from the turns of any grain, so safe for
/// concurrent use; it must not throw.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface IProcessObserver<TState, TMessage>
{
    /// <summary>
    /// A process was activated, from what is stored of it or from nothing. Each activation is seen by itself.
    /// </summary>
    IActivationObserver<TState, TMessage> Activated(ProcessId process, ProcessRecord<TState, TMessage>? stored);
}
