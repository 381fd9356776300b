using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulation;

/// <summary>
/// <c>markerPlace</c>: on every channel the marker of a snapshot parts what was sent before the cut from what was sent after it; and
/// nothing that was sent after it goes out before the marker, unless the sender knows that the snapshot has ended.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class MarkerPlace<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "markerPlace";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var channels = new Dictionary<ChannelId, Seen>();
        var known = new Dictionary<ProcessId, SnapshotAnnouncement>();
        var cuts = CutsOf(trace.Index);
        if (cuts.Count == 0) return null;
        foreach (var each in trace.Events)
        {
            if (each is RecordPersisted<TState, TMessage> { Record: var record })
            {
                known[record.Id] = record.Known;
            }
            else if (each is FrameSent<TState, TMessage> { Frame: var frame } && cuts.TryGetValue(frame.Channel.Source, out var places))
            {
                if (!channels.TryGetValue(frame.Channel, out var seen)) channels.Add(frame.Channel, seen = new());
                var ended = known.GetValueOrDefault(frame.Channel.Source, SnapshotAnnouncement.None);
                if (FindBreach(trace.Index, frame, seen, places, ended) is { } breach) return $"{frame.Channel}: {breach}";
            }
        }

        return null;
    }

    private static Dictionary<ProcessId, List<(SnapshotNumber Snapshot, int Place)>> CutsOf(TraceIndex<TState, TMessage> index)
    {
        var cuts = new Dictionary<ProcessId, List<(SnapshotNumber Snapshot, int Place)>>();
        foreach (var history in index.Processes)
        {
            for (var place = 0; place < history.Steps.Count; place++)
            {
                if (history.Steps[place] is not CutStep<TState, TMessage> cut) continue;
                if (!cuts.TryGetValue(history.Process, out var places)) cuts.Add(history.Process, places = []);
                places.Add((cut.Report.Snapshot, place));
            }
        }

        return cuts;
    }

    private static string? FindBreach(
        TraceIndex<TState, TMessage> index,
        Frame<TMessage> frame,
        Seen seen,
        List<(SnapshotNumber Snapshot, int Place)> cuts,
        SnapshotAnnouncement known)
    {
        var channel = index.ChannelOf(frame.Channel);
        if (frame.Content is MarkerContent<TMessage> marker)
        {
            seen.Markers.Add(marker.Snapshot);
            var place = cuts.Find(cut => cut.Snapshot == marker.Snapshot);
            if (place.Snapshot == default) return $"a marker of snapshot {marker.Snapshot}, which {frame.Channel.Source} has not recorded";
            var sent = channel?.SentBefore(place.Place) ?? 0;
            return sent == marker.SentBefore.Value
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"marker {marker.Snapshot} stands behind {marker.SentBefore} messages, {sent} were sent before the cut");
        }

        if (frame.Content is not MessageContent<TMessage> message) return null;
        foreach (var (snapshot, place) in cuts)
        {
            if (seen.Markers.Contains(snapshot) || known.HasEnded(snapshot)) continue;
            if (message.Number.Value > (channel?.SentBefore(place) ?? 0)) return $"message {message.Number}, sent after the cut of snapshot {snapshot}, without its marker";
        }

        return null;
    }

    private sealed class Seen
    {
        public HashSet<SnapshotNumber> Markers { get; } = [];
    }
}
