using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>ends</c>: once the faults are over, every snapshot and every restore ends, every request is answered, and every
/// buffer is empty again. A damaged process is repaired, if there is a completed snapshot to restore. If there is none,
/// the requests to that process, and the frames to and from it, stay open, and nothing else.
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
        var completed = new SortedSet<SnapshotNumber>();
        var (lost, damaged) = (new HashSet<ProcessId>(), trace.Events.OfType<DamagedAtRest<TState, TMessage>>().Select(each => each.Process).ToHashSet());
        string? breach = null;
        foreach (var each in trace.Events)
        {
            if (each is SnapshotBegun<TState, TMessage> begun) open.Add(begun.Snapshot);
            else if (each is SnapshotCompleted<TState, TMessage> or SnapshotAborted<TState, TMessage>) open.Remove(((SnapshotEvent<TState, TMessage>)each).Snapshot);
            else if (each is RestoreBegun<TState, TMessage> restore) restores.Add(restore.Restore);
            else if (each is RestoreEnded<TState, TMessage> end) restores.Remove(end.Restore);
            else if (each is ProcessAtRest<TState, TMessage> rest) breach ??= FindLeft(rest, damaged);
            else if (each is ProcessAsleep<TState, TMessage> { Record: var asleep }) breach ??= FindWaiting(asleep, damaged);
            else if (each is JournalDamaged<TState, TMessage>) lost.Add(each.Process);
            if (each is SnapshotCompleted<TState, TMessage> complete) completed.Add(complete.Snapshot);
            else if (each is SnapshotDeleted<TState, TMessage> deleted) completed.Remove(deleted.Snapshot);
        }

        if (open.Count > 0) return $"snapshot {open.Min} has not ended{(breach is null ? string.Empty : $"; {breach}")}";
        if (restores.Count > 0) return $"restore {restores.Min} has not ended{(breach is null ? string.Empty : $"; {breach}")}";
        if (damaged.Except(lost).ToList() is [var sound, ..]) return $"{sound} is damaged, and nothing of it was lost";
        if (damaged.Count > 0 && completed.Count > 0) return $"{damaged.First()} is damaged, and snapshot {completed.Max} was not restored";
        return breach ?? (trace.IsHealed || damaged.Count > 0 ? null : "the run has not come to rest");
    }

    private static string? FindWaiting(ProcessRecord<TState, TMessage> record, HashSet<ProcessId> damaged)
    {
        var waiting = record.Outgoing.FirstOrDefault(channel => !channel.Unacknowledged.IsEmpty && !damaged.Contains(channel.Target));
        return waiting is null
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{waiting.Unacknowledged.Length} frames of {record.Id}->{waiting.Target} are not acknowledged");
    }

    /// <summary>What a process has left to do, besides what waits for damaged ones.</summary>
    private static string? FindLeft(ProcessAtRest<TState, TMessage> rest, HashSet<ProcessId> damaged)
    {
        var record = rest.Record;
        if (FindWaiting(record, damaged) is { } frames) return frames;
        if (record.IsClosed) return $"{record.Id} is closed: {record.Gate}";
        if (!record.Recordings.IsEmpty) return $"{record.Id} still records snapshot {record.Recordings[0].Snapshot}";
        if (rest.HeldBackFrames > 0 && !record.Incoming.Any(channel => damaged.Contains(channel.Source))) return string.Create(CultureInfo.InvariantCulture, $"{record.Id} holds back {rest.HeldBackFrames} frames");
        return rest.UnansweredRequests == 0 || record.Outgoing.Any(channel => !channel.Unacknowledged.IsEmpty)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{rest.UnansweredRequests} requests to {record.Id} were not answered");
    }
}
