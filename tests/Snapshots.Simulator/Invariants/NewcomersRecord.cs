using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>newcomer</c>: a process records the snapshots that it is told of as it registers before its first event. What its
/// shard has reported for it at rest, while a stale activation registers, it has recorded.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class NewcomersRecord<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "newcomer";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var missing = new Dictionary<ProcessId, HashSet<SnapshotNumber>>();
        var handed = new HashSet<(ProcessId Process, SnapshotNumber Snapshot)>();
        foreach (var each in trace.Events)
        {
            if (each is ProcessJoined<TState, TMessage> joined)
            {
                missing[joined.Process] = [.. joined.Announcement.Open.Where(snapshot => !handed.Contains((joined.Process, snapshot)))];
            }
            else if (each is CutStep<TState, TMessage> { IsHanded: true } reported)
            {
                handed.Add((reported.Process, reported.Report.Snapshot));
                missing.GetValueOrDefault(reported.Process)?.Remove(reported.Report.Snapshot);
            }
            else if (each is ProcessStep<TState, TMessage> && missing.TryGetValue(each.Process, out var open))
            {
                if (each is CutStep<TState, TMessage> cut) open.Remove(cut.Report.Snapshot);
                else if (open.Count > 0) return $"{each.Process} takes a step before it records snapshot {open.Min()}";
            }
        }

        return null;
    }
}
