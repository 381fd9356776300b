using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary><c>oneRecord</c>: a process records a snapshot once in its history.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class OneRecord<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "oneRecord";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var history in trace.Index.Processes)
        {
            var seen = new HashSet<SnapshotNumber>();
            foreach (var step in history.Steps)
            {
                if (step is CutStep<TState, TMessage> { Report.Snapshot: var snapshot } && !seen.Add(snapshot))
                {
                    return $"{history.Process} has recorded snapshot {snapshot} twice";
                }
            }
        }

        return null;
    }
}
