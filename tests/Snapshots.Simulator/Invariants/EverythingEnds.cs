using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>ends</c>: once the faults are over, every snapshot and every restore ends, every request is answered, and every buffer is empty
/// again.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class EverythingEnds<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "ends";

    /// <inheritdoc/>
    public bool IsOfWholeRun => true;

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var open = new SortedSet<SnapshotNumber>();
        var restores = new SortedSet<RestoreNumber>();
        string? breach = null;
        foreach (var each in trace.Events)
        {
            if (each is SnapshotBegun<TState, TMessage> begun) open.Add(begun.Snapshot);
            else if (each is SnapshotCompleted<TState, TMessage> or SnapshotAborted<TState, TMessage>) open.Remove(((SnapshotEvent<TState, TMessage>)each).Snapshot);
            else if (each is RestoreBegun<TState, TMessage> restore) restores.Add(restore.Restore);
            else if (each is RestoreEnded<TState, TMessage> end) restores.Remove(end.Restore);
            else if (each is ProcessAtRest<TState, TMessage> rest) breach ??= FindLeft(rest);
        }

        if (open.Count > 0) return $"snapshot {open.Min} has not ended{(breach is null ? string.Empty : $"; {breach}")}";
        if (restores.Count > 0) return $"restore {restores.Min} has not ended{(breach is null ? string.Empty : $"; {breach}")}";
        return breach ?? (trace.IsHealed ? null : "the run has not come to rest");
    }

    private static string? FindLeft(ProcessAtRest<TState, TMessage> rest)
    {
        var record = rest.Record;
        var waiting = record.Outgoing.FirstOrDefault(channel => !channel.Unacknowledged.IsEmpty);
        if (waiting is not null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{waiting.Unacknowledged.Length} frames of {record.Id}->{waiting.Target} are not acknowledged");
        }

        if (record.IsClosed) return $"{record.Id} is closed: {record.Gate}";
        if (!record.Recordings.IsEmpty) return $"{record.Id} still records snapshot {record.Recordings[0].Snapshot}";
        if (rest.HeldBackFrames > 0) return string.Create(CultureInfo.InvariantCulture, $"{record.Id} holds back {rest.HeldBackFrames} frames");
        return rest.UnansweredRequests == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{rest.UnansweredRequests} requests to {record.Id} were not answered");
    }
}
