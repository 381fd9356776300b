namespace Snapshots.Scripts;

/// <summary>
/// Processes of the protocol core, connected by gates: the frames of each channel wait, first in first out, and are
/// delivered one by one. Everything else (acknowledgements, reports, announcements of ended snapshots) arrives at once,
/// and nothing is lost.
/// </summary>
internal sealed class GatedSystem
{
    /// <summary>The constant time: nothing is lost, so no resend is ever due.</summary>
    private static readonly Instant Now = new(0);

    private readonly SortedDictionary<ProcessId, Process<TokenState, TokenMessage>> _processes = [];
    private readonly Dictionary<ChannelId, Queue<Frame<TokenMessage>>> _gates = [];
    private readonly SortedDictionary<SnapshotNumber, SnapshotCollection> _snapshots = [];
    private readonly SortedSet<SnapshotNumber> _open = [];

    /// <summary>The state of an open process.</summary>
    public TokenState StateOf(ProcessId process) => _processes[process].State;

    public bool HasBegun(SnapshotNumber number) => _snapshots.ContainsKey(number);

    /// <summary>The reports of a snapshot that has begun.</summary>
    public SnapshotCollection Snapshot(SnapshotNumber number) => _snapshots[number];

    /// <summary>
    /// Opens a process. It learns which snapshots have ended, but is not asked to record the open ones.
    /// </summary>
    public void OpenProcess(ProcessId id, TokenState state)
    {
        var process = new Process<TokenState, TokenMessage>(
            id, TokenApplication.Instance, ChannelOpening.Directed, ScriptLimits.Protocol);
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

    /// <summary>Sends tokens. Returns false and changes nothing if the source holds less.</summary>
    public bool Send(ChannelId channel, string colour, long amount)
    {
        if (!_gates.ContainsKey(channel)) throw new InvalidOperationException($"the channel {channel} is not open");
        var source = _processes[channel.Source];
        if (source.State.Of(colour) < amount) return false;
        source.Apply(TokenApplication.Send(source.State, channel.Target, colour, amount), Now);
        Settle(source);
        return true;
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
    public Frame<TokenMessage>? Deliver(ChannelId channel)
    {
        if (!_gates[channel].TryDequeue(out var frame)) return null;
        var target = _processes[channel.Target];
        target.Receive(frame, Now);
        Settle(target);
        return frame;
    }

    /// <summary>Performs the effects of a step. No effect makes another process send, so one pass is enough.</summary>
    private void Settle(Process<TokenState, TokenMessage> process)
    {
        var effects = process.TakeEffects();
        RequireNoFault(effects);
        foreach (var frame in effects.Frames) _gates[frame.Channel].Enqueue(frame);
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

    private static void RequireNoFault(Effects<TokenMessage> effects)
    {
        if (effects.Faults.IsEmpty) return;
        throw new InvalidOperationException($"the core reports a fault: {effects.Faults[0]}");
    }
}

/// <summary>All reports of one snapshot, judged by one part that holds all processes.</summary>
internal sealed class SnapshotCollection
{
    private readonly SnapshotNumber _number;
    private readonly List<ProcessId> _members;
    private readonly PartLedger<TokenState, TokenMessage>[] _parts;
    private readonly List<Report> _reports = [];
    private SnapshotReading? _reading;

    public SnapshotCollection(SnapshotNumber number, IEnumerable<ProcessId> members)
    {
        _number = number;
        _members = [.. members];
        var split = Partition.OfCollections;
        _parts = [.. Enumerable.Range(0, split.Count).Select(part => new PartLedger<TokenState, TokenMessage>(
            number, Epoch.First, split, part, life: 1, _members.Where(member => split.PartOf(member) == part)))];
    }

    public bool IsComplete { get; private set; }

    public bool HasRecorded(ProcessId process) =>
        _reports.Exists(report => report is LocalReport<TokenState> && report.Process == process);

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
    public SnapshotReading ToReading() => _reading ??= new(
        IsComplete,
        CollectionRuling.Sum([.. _parts.Select(part => part.GetStanding())]),
        IsComplete ? Assemble() : SnapshotReading.Gather(_reports));

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

    private GlobalState<TokenState, TokenMessage> Assemble()
    {
        var assembly = new GlobalStateAssembly<TokenState, TokenMessage>(_members);
        foreach (var report in _reports) assembly.Add(report);
        return assembly.Assemble().State;
    }
}
