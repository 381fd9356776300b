using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>outbox</c>: whenever a process persists, what it keeps of a channel is every frame after the last one
/// acknowledged, without a gap; and of snapshots that it knows to have ended it keeps no marker, and no two void runs
/// side by side.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class Outboxes<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "outbox";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var each in trace.Events)
        {
            if (each is not RecordPersisted<TState, TMessage> { Record: var record }) continue;
            foreach (var channel in record.Outgoing)
            {
                if (FindBreach(channel, record.Known) is { } breach) return $"{record.Id}->{channel.Target}: {breach}";
            }
        }

        return null;
    }

    private static string? FindBreach(OutgoingChannelRecord<TMessage> channel, SnapshotAnnouncement known)
    {
        var last = channel.Acknowledged;
        var wasVoid = false;
        foreach (var entry in channel.Unacknowledged)
        {
            if (entry.First != last.Next || entry.Last < entry.First) return $"frame {entry.First} stands behind frame {last}";
            if (entry.Content is MarkerContent<TMessage> marker && known.HasEnded(marker.Snapshot)) return $"the marker of snapshot {marker.Snapshot}, which has ended";
            var isVoid = entry.Content is VoidContent<TMessage>;
            if (isVoid && wasVoid) return $"frames {last} and {entry.First} are void, and two";
            (last, wasVoid) = (entry.Last, isVoid);
        }

        return last == channel.Last ? null : $"frame {last} is kept as the last of {channel.Last}";
    }
}
