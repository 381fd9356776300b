namespace Snapshots.Diagrams;

/// <summary>
/// What happened in a run: the events of its processes, the frames between them, and the cuts of its snapshots.
/// <see cref="SpaceTimeDiagram"/> draws it, <see cref="ShiVizLog"/> writes it.
/// </summary>
/// <param name="Title">The title, one line.</param>
/// <param name="Processes">The processes, in the order of their lines.</param>
/// <param name="Events">
/// The events: those of one process in its order, a delivery after the event that sent its frame.
/// </param>
/// <param name="Frames">The frames.</param>
/// <param name="Cuts">The cuts.</param>
public sealed record SpaceTime(
    string Title,
    ImmutableArray<DiagramProcess> Processes,
    ImmutableArray<DiagramEvent> Events,
    ImmutableArray<DiagramFrame> Frames,
    ImmutableArray<DiagramCut> Cuts);

/// <summary>A process.</summary>
/// <param name="Id">Its id: the whole text of one element of the picture.</param>
/// <param name="Note">A few words under the id, such as its state; empty for none.</param>
public sealed record DiagramProcess(string Id, string Note = "");

/// <summary>What an event is.</summary>
public enum DiagramEventKind
{
    /// <summary>The process appears.</summary>
    Start,

    /// <summary>A step that no frame caused.</summary>
    Local,

    /// <summary>A frame arrives, and is delivered or dropped.</summary>
    Delivery,

    /// <summary>The process records a snapshot.</summary>
    Record,

    /// <summary>A frame leaves.</summary>
    Send,

    /// <summary>The process fails.</summary>
    Crash,

    /// <summary>The process goes on from what it has stored.</summary>
    Restart,
}

/// <summary>An event of one process.</summary>
/// <param name="Process">The process, as its place in <see cref="SpaceTime.Processes"/>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Step">
/// The step that it belongs to; never falls. The events of one step are of one process, and are drawn together.
/// </param>
/// <param name="Text">What happened, one line.</param>
public sealed record DiagramEvent(int Process, DiagramEventKind Kind, int Step, string Text);

/// <summary>A frame: a message or a marker.</summary>
/// <param name="Source">The event that sent it, as its place in <see cref="SpaceTime.Events"/>.</param>
/// <param name="TargetProcess">The process that it is for.</param>
/// <param name="Target">The event at which it arrived; null if it is lost, or still under way at the end.</param>
/// <param name="Text">What it carries, in a word.</param>
public sealed record DiagramFrame(int Source, int TargetProcess, int? Target, string Text)
{
    /// <summary>Whether it is a marker, and not a message.</summary>
    public bool IsMarker { get; init; }

    /// <summary>
    /// The snapshot of a marker, as its place in <see cref="SpaceTime.Cuts"/>; null if it is unknown.
    /// </summary>
    public int? Cut { get; init; }

    /// <summary>Whether it never arrives.</summary>
    public bool IsLost { get; init; }

    /// <summary>Whether it arrives once more, and is dropped.</summary>
    public bool IsRepeated { get; init; }
}

/// <summary>The cut of one snapshot.</summary>
/// <param name="Name">The snapshot's name.</param>
/// <param name="Records">The events at which processes recorded it, the initiator's first.</param>
/// <param name="InTransit">The frames that its channel states hold, as their places in the frames.</param>
public sealed record DiagramCut(string Name, ImmutableArray<int> Records, ImmutableArray<int> InTransit)
{
    /// <summary>Whether the snapshot has not completed.</summary>
    public bool IsRunning { get; init; }

    /// <summary>The processes that a running snapshot waits for.</summary>
    public ImmutableArray<int> WaitingFor { get; init; } = [];
}

/// <summary>Collects a <see cref="SpaceTime"/> event by event.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="title">The title, one line.</param>
public sealed class SpaceTimeBuilder(string title)
{
    /// <summary>The most events that are collected; a picture or log of more helps no person.</summary>
    public const int MaxEvents = 10_000;

    private readonly List<DiagramProcess> _processes = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<DiagramEvent> _events = [];
    private readonly List<DiagramFrame> _frames = [];
    private int _step;

    /// <summary>Whether there are so many events that no step should be added.</summary>
    public bool IsFull => _events.Count >= MaxEvents;

    /// <summary>How many events there are.</summary>
    public int Count => _events.Count;

    /// <summary>Begins the next step: the events that follow are drawn apart from those before.</summary>
    public void NextStep() => _step++;

    /// <summary>Returns the place of a process; adds it if it is not there.</summary>
    public int Process(string id)
    {
        if (_places.TryGetValue(id, out var place)) return place;
        _places.Add(id, place = _processes.Count);
        _processes.Add(new(id));
        return place;
    }

    /// <summary>Adds an event, and returns its place.</summary>
    public int Add(string process, DiagramEventKind kind, string text)
    {
        _events.Add(new(Process(process), kind, _step, text));
        return _events.Count - 1;
    }

    /// <summary>Adds a frame that has not arrived, and returns its place.</summary>
    public int Add(DiagramFrame frame)
    {
        _frames.Add(frame);
        return _frames.Count - 1;
    }

    /// <summary>Returns a frame that was added.</summary>
    public DiagramFrame Frame(int place) => _frames[place];

    /// <summary>Replaces a frame, such as by one that has arrived.</summary>
    public void Replace(int place, DiagramFrame frame) => _frames[place] = frame;

    /// <summary>Returns all that was added, with the cuts.</summary>
    public SpaceTime Build(IEnumerable<DiagramCut> cuts) =>
        new(title, [.. _processes], [.. _events], [.. _frames], [.. cuts]);
}
