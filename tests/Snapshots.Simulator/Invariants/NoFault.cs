namespace Snapshots.Simulator;

/// <summary>
/// <c>noFault</c>: where the storage keeps what it has acknowledged, no process finds an input impossible.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class NoFault<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "noFault";

    /// <inheritdoc/>
    public bool IsOfWholeRun => true;

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var fault = trace.Events.OfType<FaultFound<TState, TMessage>>().FirstOrDefault();
        return fault is null ? null : $"{fault.Process}, {fault.Fault.Channel}: {fault.Fault.Kind}, {fault.Fault.Detail}";
    }
}
