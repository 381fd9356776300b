namespace Snapshots.Protocol;

/// <summary>The local state of one process in a global state.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <param name="Id">The process.</param>
/// <param name="State">Its state at the cut.</param>
public sealed record ProcessState<TState>(ProcessId Id, TState State);
