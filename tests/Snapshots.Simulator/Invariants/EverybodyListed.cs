using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>listed</c>: a process that registered before a directory shard was marked with a snapshot is listed for it; one
/// that registers later is told of it, if the snapshot has not ended. Who is listed first is in the completed snapshot.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class EverybodyListed<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "listed";

    /// <inheritdoc/>
    public bool IsOfWholeRun => true;

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var registered = new HashSet<ProcessId>();
        var marks = new List<ShardMarked<TState, TMessage>>();
        foreach (var each in trace.Events)
        {
            if (each is ShardMarked<TState, TMessage> mark)
            {
                var missing = registered.FirstOrDefault(process => mark.Holds(process) && !mark.Members.Contains(process));
                if (missing != default) return $"{missing} was registered before shard {mark.Shard} was marked, and is not listed";
                marks.Add(mark);
            }
            else if (each is SnapshotCompleted<TState, TMessage> completed)
            {
                if (FindLeftOut(marks, completed) is { } left) return $"{left} is listed for snapshot {completed.Snapshot}, and is not in it";
            }
            else if (each is ProcessJoined<TState, TMessage> joined)
            {
                registered.Add(joined.Process);
                if (FindUntold(marks, joined) is { } snapshot) return $"{joined.Process} registers, and is not told of snapshot {snapshot}";
            }
        }

        return null;
    }

    /// <summary>Whom the first mark of a shard lists, every later one lists, too.</summary>
    private static ProcessId? FindLeftOut(List<ShardMarked<TState, TMessage>> marks, SnapshotCompleted<TState, TMessage> completed)
    {
        var members = completed.State.Processes.Select(process => process.Id).ToHashSet();
        foreach (var mark in marks.Where(mark => mark.Announcement.Open.Contains(completed.Snapshot)).DistinctBy(mark => mark.Shard))
        {
            foreach (var listed in mark.Members)
            {
                if (!members.Contains(listed)) return listed;
            }
        }

        return null;
    }

    private static SnapshotNumber? FindUntold(List<ShardMarked<TState, TMessage>> marks, ProcessJoined<TState, TMessage> joined)
    {
        foreach (var mark in marks.Where(mark => mark.Holds(joined.Process) && !mark.Members.Contains(joined.Process)))
        {
            foreach (var snapshot in mark.Announcement.Open)
            {
                if (!joined.Announcement.Open.Contains(snapshot) && !joined.Announcement.HasEnded(snapshot)) return snapshot;
            }
        }

        return null;
    }
}
