using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>markerPlace</c>: by the numbers of the frames, the marker of a snapshot stands on every channel behind each
/// message that was sent before the cut and before each that was sent after it; none is missing, unless its sender knew
/// that the snapshot had ended. In a history that has not come to rest, a marker may be stored and not yet sent: then a
/// number before that of the message was never sent.
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
        var markers = new Dictionary<(ChannelId Channel, SnapshotNumber Snapshot), FrameNumber>();
        var voids = new Dictionary<ChannelId, FrameNumber>();
        var sent = new Dictionary<ChannelId, HashSet<long>>();
        foreach (var each in trace.Events)
        {
            if (each is not FrameSent<TState, TMessage> { Frame: var frame }) continue;
            if (!sent.TryGetValue(frame.Channel, out var numbers)) sent.Add(frame.Channel, numbers = []);
            for (var number = frame.First; number <= frame.Last; number = number.Next) numbers.Add(number.Value);
            if (frame.Content is MarkerContent<TMessage> marker)
            {
                if (FindBreach(trace.Index, frame.Channel, marker) is { } breach) return breach;
                markers.TryAdd((frame.Channel, marker.Snapshot), frame.First);
            }
            else if (frame.Content is VoidContent<TMessage> && (!voids.TryGetValue(frame.Channel, out var first) || frame.First < first))
            {
                voids[frame.Channel] = frame.First;
            }
        }

        return FindMisplaced(trace, markers, voids, sent);
    }

    private static string? FindBreach(TraceIndex<TState, TMessage> index, ChannelId channel, MarkerContent<TMessage> marker)
    {
        if (index.HistoryOf(channel.Source)?.CutOf(marker.Snapshot) is not { } cut)
        {
            return $"{channel}: a marker of snapshot {marker.Snapshot}, which {channel.Source} has not recorded";
        }

        var sent = index.ChannelOf(channel)?.SentBefore(cut) ?? 0;
        return sent == marker.SentBefore.Value
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{channel}: marker {marker.Snapshot} tells of {marker.SentBefore} messages, {sent} were sent before the cut");
    }

    private static string? FindMisplaced(
        Trace<TState, TMessage> trace,
        Dictionary<(ChannelId Channel, SnapshotNumber Snapshot), FrameNumber> markers,
        Dictionary<ChannelId, FrameNumber> voids,
        Dictionary<ChannelId, HashSet<long>> sent)
    {
        var known = new Dictionary<ProcessId, SnapshotAnnouncement>();
        foreach (var each in trace.Events)
        {
            if (each is RecordPersisted<TState, TMessage> { Record: var record }) known[record.Id] = record.Known;
            if (each is not FrameSent<TState, TMessage> { Frame: { Content: MessageContent<TMessage> message } frame }) continue;
            var channel = frame.Channel;
            if (trace.Index.HistoryOf(channel.Source) is not { } history) continue;
            foreach (var (snapshot, place) in history.Cuts)
            {
                var isAfter = message.Number.Value > (trace.Index.ChannelOf(channel)?.SentBefore(place) ?? 0);
                if (markers.TryGetValue((channel, snapshot), out var number))
                {
                    if (isAfter == number < frame.First) continue;
                    return $"{channel}: marker {snapshot} is frame {number}, message {message.Number}, sent {(isAfter ? "after" : "before")} the cut, is frame {frame.First}";
                }

                var isVoid = voids.TryGetValue(channel, out var first) && first < frame.First;
                if (!isAfter || isVoid || known.GetValueOrDefault(channel.Source, SnapshotAnnouncement.None).HasEnded(snapshot)) continue;
                if (!trace.IsHealed && HasGapBefore(frame.First, sent[channel])) continue;
                return $"{channel}: message {message.Number}, sent after the cut of snapshot {snapshot}, without its marker";
            }
        }

        return null;
    }

    private static bool HasGapBefore(FrameNumber frame, HashSet<long> sent)
    {
        for (var number = 1L; number < frame.Value; number++)
        {
            if (!sent.Contains(number)) return true;
        }

        return false;
    }
}
