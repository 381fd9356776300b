using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>recording</c>: whenever a process persists, the recording of a channel is closed exactly if its marker was
/// passed, also on the channel that brought the first marker; and it holds exactly what was delivered on the channel
/// since the cut.
/// </summary>
/// <remarks>
/// No global state could show a recording that stays open: two equal counts need no marker. A marker whose number was
/// also sent as void may have been passed as either.
/// </remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class RecordingWindow<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "recording";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var markers = MarkersOf(trace);
        foreach (var each in trace.Events)
        {
            if (each is not RecordPersisted<TState, TMessage> { Record: var record }) continue;
            foreach (var recording in record.Recordings)
            {
                if (recording.Overflow || trace.Index.HistoryOf(record.Id)?.CutOf(recording.Snapshot) is not { } cut) continue;
                foreach (var channel in recording.Channels)
                {
                    var id = new ChannelId(channel.Source, record.Id);
                    var marker = markers.TryGetValue((id, recording.Snapshot), out var number) ? number : default(FrameNumber?);
                    if (marker == default(FrameNumber)) continue; // It was sent as void, too.
                    if (FindBreach(trace.Index, record, cut, id, marker, channel) is { } breach)
                    {
                        return $"snapshot {recording.Snapshot}, {id} at {record.Id}: {breach}";
                    }
                }
            }
        }

        return null;
    }

    private static string? FindBreach(
        TraceIndex<TState, TMessage> index,
        ProcessRecord<TState, TMessage> record,
        int cut,
        ChannelId id,
        FrameNumber? marker,
        ChannelRecordingRecord<TMessage> recording)
    {
        var incoming = record.Incoming.FirstOrDefault(each => each.Source == id.Source);
        var isPassed = incoming is not null && marker is { } number && number <= incoming.Delivered;
        var isClosed = recording.Status != ChannelRecordingStatus.Recording;
        if (isClosed != isPassed) return isClosed ? "it is closed and its marker was not passed" : "its marker was passed and it is still open";
        if (isClosed || incoming is null) return null;
        var history = index.ChannelOf(id);
        var before = history?.DeliveredBefore(cut) ?? 0;
        var expected = history is null ? [] : history.Delivered.Take((int)incoming.Messages.Value).Skip(before).Select(each => each.Message);
        return expected.SequenceEqual(recording.Messages)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"it holds {recording.Messages.Length} messages, {expected.Count()} were delivered since the cut");
    }

    /// <summary>The numbers of all markers; 0 for one that was sent as void, too.</summary>
    private static Dictionary<(ChannelId Channel, SnapshotNumber Snapshot), FrameNumber> MarkersOf(Trace<TState, TMessage> trace)
    {
        var markers = new Dictionary<(ChannelId Channel, SnapshotNumber Snapshot), FrameNumber>();
        var voids = new List<Frame<TMessage>>();
        foreach (var each in trace.Events)
        {
            if (each is not FrameSent<TState, TMessage> { Frame: var frame }) continue;
            if (frame.Content is MarkerContent<TMessage> marker) markers.TryAdd((frame.Channel, marker.Snapshot), frame.First);
            else if (frame.Content is VoidContent<TMessage>) voids.Add(frame);
        }

        foreach (var gap in voids)
        {
            foreach (var (key, number) in markers)
            {
                if (key.Channel == gap.Channel && number >= gap.First && number <= gap.Last) markers[key] = default;
            }
        }

        return markers;
    }
}
