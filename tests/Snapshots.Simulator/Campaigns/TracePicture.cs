using System.Globalization;
using Snapshots.Diagrams;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// A run for a picture. The arrow of a message leads from the step that sent it to the step that delivered it, however
/// often its frame was sent; what the network lost, and what came once more, has an arrow of its own. A step that a crash
/// took away is left out.
/// </summary>
internal sealed class TracePicture
{
    private readonly SpaceTimeBuilder _builder;
    private readonly HashSet<LedgerFrame> _taken = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<LedgerFrame, int> _sentAt = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(ChannelId, Epoch), Queue<int>> _unsent = [];
    private readonly Dictionary<(ChannelId, Epoch), Queue<(int Place, LedgerMessage Message)>> _undelivered = [];
    private readonly Dictionary<(ChannelId, Epoch, FrameNumber), int> _arrows = [];
    private readonly HashSet<(ChannelId, Epoch, FrameNumber)> _takenMarkers = [];
    private readonly Dictionary<(ChannelId, Epoch, MessageCount), int> _messages = [];
    private readonly SortedDictionary<SnapshotNumber, CutStory> _cuts = [];
    private readonly List<(int Place, SnapshotNumber Snapshot)> _markers = [];
    private readonly HashSet<ProcessId> _seen = [];

    private TracePicture(LedgerTrace trace, string title)
    {
        _builder = new(title);
        foreach (var process in trace.Events.Select(each => each.Process).Where(each => each != default).Distinct().Order())
            _builder.Process(process.Value);
        foreach (var each in trace.Events.OfType<FrameTaken<LedgerState, LedgerMessage>>()) _taken.Add(each.Frame);
        var last = (Process: default(ProcessId), AtMs: -1L);
        foreach (var each in trace.Events)
        {
            if (_builder.IsFull) break;
            var isOneStep = each is FrameSent<LedgerState, LedgerMessage> && last == (each.Process, each.AtMs);
            if (!isOneStep) _builder.NextStep();
            Add(each);
            last = (each.Process, each.AtMs);
        }
    }

    public static SpaceTime Of(LedgerTrace trace, string title)
    {
        var picture = new TracePicture(trace, title);
        var cuts = picture._cuts.Keys.ToList();
        foreach (var (place, snapshot) in picture._markers)
            picture._builder.Replace(place, picture._builder.Frame(place) with { Cut = cuts.IndexOf(snapshot) });
        return picture._builder.Build(picture._cuts.Select(cut => new DiagramCut(
            $"snapshot {cut.Key}{(cut.Value.IsAborted ? " (aborted)" : "")}",
            [.. cut.Value.Records],
            [.. picture.InTransit(cut.Value)])
        {
            IsRunning = cut.Value.State is null,
        }));
    }

    private IEnumerable<int> InTransit(CutStory cut) =>
        from channel in cut.State?.Channels ?? []
        from message in channel.Messages
        where _messages.ContainsKey((channel.Channel, cut.Epoch, message.Number))
        select _messages[(channel.Channel, cut.Epoch, message.Number)];

    private void Add(TraceEvent<LedgerState, LedgerMessage> each)
    {
        switch (each)
        {
            case ProcessStep<LedgerState, LedgerMessage> { IsLost: true }:
                return;
            case CutStep<LedgerState, LedgerMessage> { Report.Snapshot: var snapshot }:
                CutOf(snapshot).Epoch = each.Epoch;
                CutOf(snapshot).Records.Add(Event(each, DiagramEventKind.Record, $"records snapshot {snapshot}"));
                break;
            case DeliveryStep<LedgerState, LedgerMessage> step:
                Deliver(step);
                SendAll(step);
                break;
            case LocalStep<LedgerState, LedgerMessage> step:
                if (step.Sent.IsEmpty) Event(step, DiagramEventKind.Local, "takes a request");
                SendAll(step);
                break;
            case FrameSent<LedgerState, LedgerMessage> { Frame: var frame }:
                Send(each, frame);
                break;
            case FrameTaken<LedgerState, LedgerMessage> { Frame: var frame }:
                Take(each, frame);
                break;
            case ProcessCrashed<LedgerState, LedgerMessage> crash:
                Event(each, DiagramEventKind.Crash, $"crashes: {crash.Reason}");
                break;
            case ProcessRestored<LedgerState, LedgerMessage>:
                Event(each, DiagramEventKind.Restart, "restarts");
                break;
            case ProcessJoined<LedgerState, LedgerMessage> when !_seen.Contains(each.Process) && each.AtMs > 0:
                Event(each, DiagramEventKind.Start, "joins");
                break;
            case SnapshotCompleted<LedgerState, LedgerMessage> { State: var state, Snapshot: var snapshot }:
                CutOf(snapshot).State = state;
                break;
            case SnapshotAborted<LedgerState, LedgerMessage> { Snapshot: var snapshot }:
                CutOf(snapshot).IsAborted = true;
                break;
            default:
                break;
        }
    }

    private int Event(TraceEvent<LedgerState, LedgerMessage> each, DiagramEventKind kind, string text)
    {
        _seen.Add(each.Process);
        return _builder.Add(each.Process.Value, kind, text);
    }

    /// <summary>The messages of a step; their frames leave when the step is stored.</summary>
    private void SendAll(ProcessStep<LedgerState, LedgerMessage> step)
    {
        foreach (var (target, message) in step.Sent)
        {
            var channel = (new ChannelId(step.Process, target), step.Epoch);
            var sent = Event(step, DiagramEventKind.Send, $"sends {TextOf(message)} to {target}");
            var place = _builder.Add(new DiagramFrame(sent, _builder.Process(target.Value), Target: null, TextOf(message)));
            Of(_unsent, channel).Enqueue(place);
            Of(_undelivered, channel).Enqueue((place, message));
        }
    }

    /// <summary>A message that a restore brings has no frame in its epoch, so no arrow.</summary>
    private void Deliver(DeliveryStep<LedgerState, LedgerMessage> step)
    {
        var arrival = Event(step, DiagramEventKind.Delivery, $"delivers {TextOf(step.Message)} from {step.Source}");
        var queue = Of(_undelivered, (new ChannelId(step.Source, step.Process), step.Epoch));
        if (!queue.TryPeek(out var next) || next.Message != step.Message) return;
        _builder.Replace(queue.Dequeue().Place, _builder.Frame(next.Place) with { Target = arrival });
    }

    /// <summary>
    /// A frame leaves. The first time a message has its arrow already; what is lost, and what is sent again, is shown.
    /// </summary>
    private void Send(TraceEvent<LedgerState, LedgerMessage> each, LedgerFrame frame)
    {
        if (WordsOf(frame) is not { } text) return;
        var message = frame.Content as MessageContent<LedgerMessage>;
        var (key, isFirst, isLost) = (KeyOf(frame), !_arrows.ContainsKey(KeyOf(frame)), !_taken.Contains(frame));
        if (isFirst)
        {
            var place = -1;
            if (message is not null && !Of(_unsent, (frame.Channel, frame.Epoch)).TryDequeue(out place)) return;
            _arrows.Add(key, place);
            if (message is not null) _messages.Add((frame.Channel, frame.Epoch, message.Number), place);
        }

        if (isFirst && !isLost && message is not null)
        {
            _sentAt.Add(frame, _builder.Frame(_arrows[key]).Source);
            return;
        }

        var sent = Event(each, DiagramEventKind.Send, $"sends {text}{(isFirst ? "" : " again")} to {frame.Channel.Target}");
        _sentAt.Add(frame, sent);
        if (isLost) AddArrow(frame, new(sent, _builder.Process(frame.Channel.Target.Value), Target: null, text) { IsLost = true });
    }

    /// <summary>A frame arrives. The first time a message is delivered by a step of its own.</summary>
    private void Take(TraceEvent<LedgerState, LedgerMessage> each, LedgerFrame frame)
    {
        if (WordsOf(frame) is not { } text || !_sentAt.TryGetValue(frame, out var sent)) return;
        var isMarker = frame.Content is MarkerContent<LedgerMessage>;
        var isRepeated = isMarker ? !_takenMarkers.Add(KeyOf(frame)) : _builder.Frame(_arrows[KeyOf(frame)]).Target is not null;
        if (!isMarker && !isRepeated) return;
        var arrival = Event(each, DiagramEventKind.Delivery, $"takes {text} from {frame.Channel.Source}{(isRepeated ? " again" : "")}");
        AddArrow(frame, new(sent, _builder.Process(each.Process.Value), arrival, text) { IsRepeated = isRepeated });
    }

    private void AddArrow(LedgerFrame frame, DiagramFrame arrow)
    {
        var marker = frame.Content as MarkerContent<LedgerMessage>;
        var place = _builder.Add(arrow with { IsMarker = marker is not null });
        if (marker is not null) _markers.Add((place, marker.Snapshot));
    }

    private static (ChannelId, Epoch, FrameNumber) KeyOf(LedgerFrame frame) => (frame.Channel, frame.Epoch, frame.First);

    private static T Of<TKey, T>(Dictionary<TKey, T> all, TKey key)
        where TKey : notnull
        where T : new() =>
        all.TryGetValue(key, out var found) ? found : all[key] = new();

    private CutStory CutOf(SnapshotNumber snapshot)
    {
        if (!_cuts.TryGetValue(snapshot, out var cut)) _cuts.Add(snapshot, cut = new());
        return cut;
    }

    private static string? WordsOf(LedgerFrame frame) => frame.Content switch
    {
        MessageContent<LedgerMessage> { Message: var message } => TextOf(message),
        MarkerContent<LedgerMessage> { Snapshot: var snapshot } => $"snapshot {snapshot}",
        _ => null,
    };

    private static string TextOf(LedgerMessage message) =>
        string.Create(CultureInfo.InvariantCulture, $"{(message.IsReturn ? "back " : "")}{message.Amount}");

    private sealed class CutStory
    {
        public List<int> Records { get; } = [];

        public Epoch Epoch { get; set; }

        public LedgerSnapshot? State { get; set; }

        public bool IsAborted { get; set; }
    }
}
