namespace Snapshots.Diagrams;

/// <summary>What the flight recorder of a process has kept: its last events, in its order.</summary>
/// <param name="Process">The process.</param>
/// <param name="Events">Its events, the oldest first.</param>
public sealed record DiagramFlight(string Process, ImmutableArray<DiagramFlightEvent> Events);

/// <summary>An event of a flight recorder.</summary>
/// <param name="Kind">
/// <see cref="DiagramEventKind.Send"/>, <see cref="DiagramEventKind.Delivery"/> or <see cref="DiagramEventKind.Record"/>.
/// </param>
/// <param name="Peer">The other end of the channel; empty for a record.</param>
/// <param name="Number">The message's place on the channel, from 1; the snapshot's number for a record.</param>
/// <param name="AtMs">When, in milliseconds since 1970 by the clock of the process's silo.</param>
public readonly record struct DiagramFlightEvent(DiagramEventKind Kind, string Peer, long Number, long AtMs);

/// <summary>How many messages of a channel were sent and delivered at a cut, and those between.</summary>
/// <param name="InTransit">The channel, with its messages in transit.</param>
/// <param name="Sent">How many its source had sent.</param>
/// <param name="Delivered">How many its target had delivered.</param>
public sealed record ChannelAtCut(ChannelInTransit InTransit, long Sent, long Delivered);

/// <summary>Draws the cut of a running service with what its processes did around it.</summary>
/// <remarks>
/// What lies before a cut is told by the counts of the channels, not by clocks: message n is before the cut of its
/// sender if it had sent n. The order of events of different processes is that of their clocks where no message says
/// otherwise: no delivery is left of its sending.
/// </remarks>
public static class FlightDiagram
{
    private const int ColumnWidth = 46;
    private const int MaxBefore = 6;
    private const int MaxAfter = 3;

    /// <summary>
    /// Returns the picture. Of more than 12 processes it shows those with most in transit, of the events of each the
    /// last 6 before its cut and the first 3 after it, among the processes that are shown.
    /// </summary>
    /// <param name="snapshot">The name of the snapshot.</param>
    /// <param name="number">Its number, by which flight recorders know it.</param>
    /// <param name="processes">The processes, with their states in a few words.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="flights">What is known of the processes; of some it may be nothing.</param>
    /// <param name="embedded">As for <see cref="SpaceTimeDiagram.Draw"/>.</param>
    public static string Draw(
        string snapshot,
        long number,
        IReadOnlyCollection<DiagramProcess> processes,
        IReadOnlyCollection<ChannelAtCut> channels,
        IEnumerable<DiagramFlight> flights,
        bool embedded = false)
    {
        ArgumentNullException.ThrowIfNull(processes);
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(flights);
        var known = flights.ToDictionary(flight => flight.Process, flight => flight.Events, StringComparer.Ordinal);
        var busy = channels.Select(channel => channel.InTransit).Where(channel => !channel.Messages.IsEmpty)
            .OrderByDescending(channel => channel.Messages.Length).ToList();
        var drawn = CutDiagram.Choose(
            processes, busy, process => known.TryGetValue(process.Id, out var events) ? events.Length : 0);
        var painter = new FlightPainter(snapshot, number, drawn, channels, known);
        var (run, arrows) = painter.Build();
        var noted = drawn.ConvertAll(process => process with { Note = SvgText.Clip(process.Note, CutDiagram.MaxNote) });
        run = run with
        {
            Processes = [.. noted],
            Title = CutDiagram.TitleOf(run.Title, processes.Count, drawn.Count, busy, arrows),
        };
        return SpaceTimeDiagram.Paint(run, ColumnWidth, SpaceTimeText.Describe(run), embedded);
    }

    /// <summary>The events of a process around its cut.</summary>
    internal static (List<DiagramFlightEvent> Before, List<DiagramFlightEvent> After) Window(
        IEnumerable<DiagramFlightEvent> events, Func<DiagramFlightEvent, bool> isBefore)
    {
        var (before, after) = (new List<DiagramFlightEvent>(), new List<DiagramFlightEvent>());
        foreach (var happened in events) (isBefore(happened) ? before : after).Add(happened);
        return ([.. before.TakeLast(MaxBefore)], [.. after.Take(MaxAfter)]);
    }
}

/// <summary>Puts the events of several processes into one order that respects every message.</summary>
internal sealed class FlightPainter
{
    private const long MsPerDay = 24 * 60 * 60 * 1000;

    private readonly long _number;
    private readonly string _snapshot;
    private readonly SpaceTimeBuilder _builder;
    private readonly Dictionary<string, Queue<DiagramFlightEvent>> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Source, string Target), ChannelAtCut> _channels;
    private readonly HashSet<(string Source, string Target, long Number)> _awaited = [];
    private readonly Dictionary<(string Source, string Target, long Number), int> _sent = [];
    private readonly Dictionary<(string Source, string Target, long Number), int> _frames = [];
    private readonly List<int> _records = [];

    public FlightPainter(
        string snapshot,
        long number,
        List<DiagramProcess> drawn,
        IEnumerable<ChannelAtCut> channels,
        Dictionary<string, ImmutableArray<DiagramFlightEvent>> known)
    {
        (_snapshot, _number, _builder) = (snapshot, number, new($"Snapshot {snapshot}"));
        var names = drawn.Select(process => process.Id).ToHashSet(StringComparer.Ordinal);
        _channels = channels.Where(each => names.Contains(each.InTransit.Source) && names.Contains(each.InTransit.Target))
            .ToDictionary(each => (each.InTransit.Source, each.InTransit.Target));
        foreach (var id in drawn.Select(process => process.Id))
        {
            _builder.Process(id);
            _lines.Add(id, LineOf(id, known.TryGetValue(id, out var events) ? events : [], names));
        }

        foreach (var (id, line) in _lines)
        {
            foreach (var happened in line.Where(each => each.Kind == DiagramEventKind.Send))
                _awaited.Add((id, happened.Peer, happened.Number));
        }
    }

    /// <summary>Returns the run, and the channels whose messages in transit have an arrow.</summary>
    public (SpaceTime Run, List<ChannelInTransit> Arrows) Build()
    {
        var arrows = _channels.Values.Select(each => each.InTransit).Where(each => !each.Messages.IsEmpty)
            .OrderByDescending(each => each.Messages.Length).Take(CutDiagram.MaxArrows).ToList();
        var unseen = arrows.ConvertAll(AddUnseen);
        while (Next() is { } process) Add(process, _lines[process].Dequeue());
        var inTransit = new List<int>();
        for (var channel = 0; channel < arrows.Count; channel++)
            inTransit.AddRange(Arrive(arrows[channel], unseen[channel]));
        return (_builder.Build([new(_snapshot, [.. _records], [.. inTransit])]), arrows);
    }

    /// <summary>The events of a process that are drawn, with its cut where the counts have it.</summary>
    private Queue<DiagramFlightEvent> LineOf(
        string id, ImmutableArray<DiagramFlightEvent> events, HashSet<string> names)
    {
        var among = events.Where(each => each.Kind != DiagramEventKind.Record && names.Contains(each.Peer));
        var (before, after) = FlightDiagram.Window(among, each => IsBeforeCut(id, each));
        DiagramFlightEvent[] cuts =
            [.. events.Where(each => each.Kind == DiagramEventKind.Record && each.Number == _number)];
        var at = cuts is [var cut, ..] ? cut.AtMs
            : before is [.., var last] ? last.AtMs
            : after is [var first, ..] ? first.AtMs
            : 0;
        return new([.. before, new(DiagramEventKind.Record, string.Empty, _number, at), .. after]);
    }

    private bool IsBeforeCut(string id, DiagramFlightEvent happened) => happened.Kind == DiagramEventKind.Send
        ? _channels.TryGetValue((id, happened.Peer), out var sent) && happened.Number <= sent.Sent
        : _channels.TryGetValue((happened.Peer, id), out var delivered) && happened.Number <= delivered.Delivered;

    /// <summary>
    /// The process whose next event is the earliest of those that may come next: a delivery waits for its sending. Null
    /// at the end.
    /// </summary>
    private string? Next()
    {
        var waiting = _lines.Where(line => line.Value.Count > 0).OrderBy(line => line.Value.Peek().AtMs).ToList();
        var ready = waiting.Find(line => !MustWait(line.Key, line.Value.Peek()));
        return ready.Key ?? waiting.FirstOrDefault().Key; // Events that no run has are drawn by their times.
    }

    private bool MustWait(string id, DiagramFlightEvent happened) => happened.Kind == DiagramEventKind.Delivery
        && _awaited.Contains((happened.Peer, id, happened.Number))
        && !_sent.ContainsKey((happened.Peer, id, happened.Number));

    private void Add(string id, DiagramFlightEvent happened)
    {
        _builder.NextStep();
        var at = TimeSpan.FromMilliseconds(happened.AtMs % MsPerDay).ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);
        switch (happened.Kind)
        {
            case DiagramEventKind.Send:
                _sent[(id, happened.Peer, happened.Number)] =
                    _builder.Add(id, happened.Kind, Text($"{at} sends message {happened.Number} to {happened.Peer}"));
                break;
            case DiagramEventKind.Delivery:
                var arrival = _builder.Add(
                    id, happened.Kind, Text($"{at} delivers message {happened.Number} of {happened.Peer}"));
                var key = (happened.Peer, id, happened.Number);
                if (_sent.TryGetValue(key, out var source))
                    _frames[key] = _builder.Add(new DiagramFrame(source, _builder.Process(id), arrival, TextOf(key)));
                break;
            default:
                var time = happened.AtMs == 0 ? string.Empty : $"{at} ";
                _records.Add(_builder.Add(id, happened.Kind, $"{time}records {_snapshot}"));
                break;
        }
    }

    /// <summary>Messages in transit whose sending is not kept have one arrow, from the left.</summary>
    private List<int> AddUnseen(ChannelInTransit channel)
    {
        var (source, target, messages) = channel;
        var delivered = _channels[(source, target)].Delivered;
        ImmutableArray<string> unseen =
            [.. messages.Where((_, index) => !_awaited.Contains((source, target, delivered + 1 + index)))];
        if (unseen.IsEmpty) return [];
        _builder.NextStep();
        var sent = _builder.Add(source, DiagramEventKind.Send, "sent before the cut");
        return [_builder.Add(new DiagramFrame(
            sent, _builder.Process(target), Target: null, CutDiagram.TextOf(channel with { Messages = unseen })))];
    }

    /// <summary>
    /// Gives each message in transit whose sending is drawn its arrow; those that no recorder has seen arrive do so at
    /// the end. Returns the arrows, with those that are there.
    /// </summary>
    private List<int> Arrive(ChannelInTransit channel, List<int> unseen)
    {
        var (source, target, messages) = channel;
        var delivered = _channels[(source, target)].Delivered;
        var (arrived, open) = (new List<int>(), new List<int>(unseen));
        for (var number = delivered + 1; number <= delivered + messages.Length; number++)
        {
            var key = (source, target, number);
            if (_frames.TryGetValue(key, out var frame)) arrived.Add(frame);
            else if (_sent.TryGetValue(key, out var sent))
                open.Add(_builder.Add(new DiagramFrame(sent, _builder.Process(target), Target: null, TextOf(key))));
        }

        if (open.Count == 0) return arrived;
        _builder.NextStep();
        var arrival = _builder.Add(target, DiagramEventKind.Local, "delivered after the cut");
        foreach (var frame in open) _builder.Replace(frame, _builder.Frame(frame) with { Target = arrival });
        return [.. arrived, .. open];
    }

    private string TextOf((string Source, string Target, long Number) key)
    {
        var place = key.Number - 1 - _channels[(key.Source, key.Target)].Delivered;
        var messages = _channels[(key.Source, key.Target)].InTransit.Messages;
        return place >= 0 && place < messages.Length && messages[(int)place].Length > 0
            ? messages[(int)place]
            : Text($"#{key.Number}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
