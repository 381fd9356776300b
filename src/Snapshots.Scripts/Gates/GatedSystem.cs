namespace Snapshots.Scripts;

/// <summary>
/// Processes of the protocol core, connected by gates: the frames of each channel wait, first in first out, and are
/// delivered one by one. Everything else (acknowledgements, reports, announcements of ended snapshots) arrives at once,
/// and nothing is lost.
/// </summary>
internal sealed class GatedSystem<TState, TMessage>(IApplication<TState, TMessage> application)
{
    /// <summary>The constant time: nothing is lost, so no resend is ever due.</summary>
    private static readonly Instant Now = new(0);

    private readonly SortedDictionary<ProcessId, Process<TState, TMessage>> _processes = [];
    private readonly Dictionary<ChannelId, Queue<Frame<TMessage>>> _gates = [];
    private readonly SortedDictionary<SnapshotNumber, SnapshotCollection<TState, TMessage>> _snapshots = [];
    private readonly SortedSet<SnapshotNumber> _open = [];
    private List<Frame<TMessage>> _sent = [];

    /// <summary>The state of an open process.</summary>
    public TState StateOf(ProcessId process) => _processes[process].State;

    public bool HasBegun(SnapshotNumber number) => _snapshots.ContainsKey(number);

    /// <summary>The reports of a snapshot that has begun.</summary>
    public SnapshotCollection<TState, TMessage> Snapshot(SnapshotNumber number) => _snapshots[number];

    /// <summary>
    /// Opens a process. It learns which snapshots have ended, but is not asked to record the open ones.
    /// </summary>
    public void OpenProcess(ProcessId id, TState state)
    {
        var process = new Process<TState, TMessage>(
            id, application, ChannelOpening.Directed, ScriptLimits.Protocol);
        _processes.Add(id, process);
        process.Join(Epoch.First, SnapshotAnnouncement.None, Now);
        process.Learn(Announcement());
        process.Apply(new(state), Now);
        Settle(process);
    }

    public void OpenChannel(ChannelId channel)
    {
        _gates.Add(channel, []);
        var source = _processes[channel.Source];
        source.OpenChannel(channel.Target, Now);
        Settle(source);
    }

    /// <summary>Has an open process make a step; it sends on open channels only.</summary>
    public void Apply(ProcessId id, Reaction<TState, TMessage> reaction)
    {
        var closed = reaction.Messages.Select(message => new ChannelId(id, message.Target))
            .FirstOrDefault(channel => !_gates.ContainsKey(channel));
        if (closed != default) throw new InvalidOperationException($"the channel {closed} is not open");
        var process = _processes[id];
        process.Apply(reaction, Now);
        Settle(process);
    }

    public void Initiate(SnapshotNumber number, ProcessId id)
    {
        var process = _processes[id];
        if (!_snapshots.ContainsKey(number))
        {
            _snapshots.Add(number, new(number, _processes.Keys));
            _open.Add(number);
        }

        process.Initiate(number, Now);
        Settle(process);
    }

    /// <summary>Delivers the head of a gate and returns it; null if the gate is empty.</summary>
    public Frame<TMessage>? Deliver(ChannelId channel)
    {
        if (!_gates[channel].TryDequeue(out var frame)) return null;
        var target = _processes[channel.Target];
        target.Receive(frame, Now);
        Settle(target);
        return frame;
    }

    /// <summary>Returns the frames that came to the gates since the last call.</summary>
    public List<Frame<TMessage>> TakeSent()
    {
        var sent = _sent;
        _sent = [];
        return sent;
    }

    /// <summary>Performs the effects of a step. No effect makes another process send, so one pass is enough.</summary>
    private void Settle(Process<TState, TMessage> process)
    {
        var effects = process.TakeEffects();
        RequireNoFault(effects);
        foreach (var frame in effects.Frames) _gates[frame.Channel].Enqueue(frame);
        _sent.AddRange(effects.Frames);
        foreach (var acknowledgement in effects.Acknowledgements)
        {
            var source = _processes[acknowledgement.Channel.Source];
            source.Receive(acknowledgement, Now);
            RequireNoFault(source.TakeEffects());
        }

        foreach (var report in effects.Reports)
        {
            var snapshot = _snapshots[report.Snapshot];
            snapshot.Accept(report);
            process.Accept(report);
            if (snapshot.IsComplete && _open.Remove(report.Snapshot)) TellEveryone();
        }
    }

    private void TellEveryone()
    {
        var announcement = Announcement();
        foreach (var process in _processes.Values) process.Learn(announcement);
    }

    private SnapshotAnnouncement Announcement() => new(new(_snapshots.Count), _open);

    private static void RequireNoFault(Effects<TMessage> effects)
    {
        if (effects.Faults.IsEmpty) return;
        throw new InvalidOperationException($"the core reports a fault: {effects.Faults[0]}");
    }
}

/// <summary>All reports of one snapshot, judged by one part that holds all processes.</summary>
internal sealed class SnapshotCollection<TState, TMessage>
{
    private readonly SnapshotNumber _number;
    private readonly List<ProcessId> _members;
    private readonly PartLedger<TState, TMessage>[] _parts;
    private readonly List<Report> _reports = [];
    private SnapshotReading<TState, TMessage>? _reading;

    public SnapshotCollection(SnapshotNumber number, IEnumerable<ProcessId> members)
    {
        _number = number;
        _members = [.. members];
        var split = Partition.OfCollections;
        _parts = [.. Enumerable.Range(0, split.Count).Select(part => new PartLedger<TState, TMessage>(
            number, Epoch.First, split, part, life: 1, _members.Where(member => split.PartOf(member) == part)))];
    }

    public bool IsComplete { get; private set; }

    public bool HasRecorded(ProcessId process) =>
        _reports.Exists(report => report is LocalReport<TState> && report.Process == process);

    /// <summary>Takes a report. A report that breaks the certificate would be a bug of the core, and throws.</summary>
    public void Accept(Report report)
    {
        var verdict = _parts[Partition.OfCollections.PartOf(report.Process)].Accept(report);
        if (verdict != ReportVerdict.Accepted) throw new InvalidOperationException($"the report {report} is {verdict}");
        _reports.Add(report);
        _reading = null;
        Exchange();
        if (_parts.Any(part => part.Awaited.Any()) && report is not OverflowReport) return; // A standing costs.
        var ruling = CollectionRuling.Of([.. _parts.Select(part => part.GetStanding())]);
        if (ruling.Status == CollectionStatus.Failed)
            throw new InvalidOperationException($"snapshot {_number} failed: {ruling.Reason}");
        IsComplete = ruling.Status == CollectionStatus.Complete;
    }

    /// <summary>
    /// Returns what is recorded. The reading is cached between two reports: without that, a script with many
    /// expectations of a large snapshot would take minutes.
    /// </summary>
    public SnapshotReading<TState, TMessage> ToReading() => _reading ??= new(
        IsComplete,
        CollectionRuling.Sum([.. _parts.Select(part => part.GetStanding())]),
        IsComplete ? Assemble() : SnapshotReading.Gather<TState, TMessage>(_reports));

    /// <summary>Has each part receive what the others count, until none has anything new.</summary>
    private void Exchange()
    {
        for (var isOver = false; !isOver;)
        {
            isOver = true;
            for (var to = 0; to < _parts.Length; to++)
            {
                for (var from = 0; from < _parts.Length; from++)
                {
                    if (from == to) continue;
                    var page = _parts[from].Tell(to, _parts[to].HeardFrom(from), int.MaxValue);
                    if (page.Counts.IsEmpty) continue;
                    _parts[to].Hear(page);
                    isOver = false;
                }
            }
        }
    }

    private GlobalState<TState, TMessage> Assemble()
    {
        var assembly = new GlobalStateAssembly<TState, TMessage>(_members);
        foreach (var report in _reports) assembly.Add(report);
        return assembly.Assemble().State;
    }
}
