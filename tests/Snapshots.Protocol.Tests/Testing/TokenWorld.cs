namespace Snapshots.Protocol.Tests;

/// <summary>
/// Up to five processes on a network that loses, repeats, reorders and delays, with crashes, failing writes, a
/// collector and snapshots that overlap. Each step of a run is one number, so that a failing run is printed, repeated
/// and shrunk.
/// </summary>
internal sealed class TokenWorld
{
    private const int FromTheStart = 3;
    private static readonly ProtocolLimits Limits = new()
    {
        Window = 3,
        MaxHeldBackFrames = 3,
        FirstResendPauseMs = 10,
        MaxResendPauseMs = 40,
        MaxFramesPerResend = 2,
    };

    private static readonly ImmutableArray<ProcessId> Names = [new("a"), new("b"), new("c"), new("d"), new("e")];

    private readonly TokenApplication _application = new(Names, tokensEach: 2);
    private readonly ChannelOpening _opening;
    private readonly Sightings _sightings;
    private readonly List<Process<TokenState, Token>> _processes = [];
    private readonly List<ProcessRecord<TokenState, Token>?> _stored = [];
    private readonly List<object> _network = [];
    private readonly SortedDictionary<SnapshotNumber, GlobalStateBuilder<TokenState, Token>> _collections = [];
    private readonly List<SnapshotAnnouncement> _announcements = [SnapshotAnnouncement.None];
    private Instant _now;
    private SnapshotNumber _highest;

    public TokenWorld(ChannelOpening opening, Sightings sightings)
    {
        _opening = opening;
        _sightings = sightings;
        for (var i = 0; i < FromTheStart; i++) AddProcess();
        for (var i = 0; i < FromTheStart; i++) Flush(i);
    }

    private SnapshotAnnouncement Announcement => _announcements[^1];

    public void Run(IEnumerable<uint> steps)
    {
        foreach (var step in steps) Step(step % 32, (int)((step >> 5) % 1024), (int)((step >> 15) % 1024), (int)(step >> 25));
        Settle();
    }

    private void Step(uint kind, int a, int b, int c)
    {
        var i = a % _processes.Count;
        switch (kind)
        {
            case <= 5: Send(i, b, c); break;
            case <= 14: Deliver(a + (1024 * b), repeat: c % 8 == 0); break;
            case 15: if (_network.Count > 0) _network.RemoveAt((a + (1024 * b)) % _network.Count); break;
            case <= 22: Flush(i); break;
            case 23: Resend(i, b % 50); break;
            case 24: Begin(i); break;
            case 25: if (_collections.Count > 0) Ask(i, _collections.Keys.ElementAt(b % _collections.Count)); break;
            case 26: Crash(i); break;
            case 27: _processes[i].Learn(_announcements[b % _announcements.Count]); break; // Perhaps an old one.
            case 28: Report(i, lose: b % 2 == 0); break;
            case 29: if (_processes.Count < Names.Length && b % 4 == 0) AddProcess(); break;
            case 30: OpenChannel(i, (i + 1 + (b % (_processes.Count - 1))) % _processes.Count); break;
            default: if (_collections.Count > 0 && c % 4 == 0) End(_collections.Keys.ElementAt(b % _collections.Count), "aborted"); break;
        }
    }

    private void AddProcess()
    {
        _processes.Add(New(Names[_processes.Count]));
        _stored.Add(null);
        _sightings.Saw("newcomer while a snapshot is open", _collections.Count > 0);
    }

    private Process<TokenState, Token> New(ProcessId name)
    {
        var process = new Process<TokenState, Token>(name, _application, _opening, Limits);
        process.Join(Epoch.First, Announcement, _now);
        return process;
    }

    private void Send(int i, int b, int c)
    {
        var process = _processes[i];
        var target = Names[(i + 1 + (b % (_processes.Count - 1))) % _processes.Count];
        if (process.State.Held.IsEmpty) return;
        if (!process.HasRoom(target))
        {
            _sightings.Saw("window full");
            return;
        }

        _sightings.Saw("channel opened inside a snapshot", process.OpenRecordings.Count > 0 && process.OutgoingTo(target) is null);
        var token = new Token(process.State.Held[b % process.State.Held.Count], c % 3);
        process.Apply(_application.Send(process.Id, process.State, target, token), _now);
    }

    private void OpenChannel(int i, int target)
    {
        _sightings.Saw(
            "channel opened inside a snapshot", _processes[i].OpenRecordings.Count > 0 && _processes[i].OutgoingTo(Names[target]) is null);
        _processes[i].OpenChannel(Names[target], _now);
    }

    private void Deliver(int place, bool repeat)
    {
        if (_network.Count == 0) return;
        var packet = _network[place % _network.Count];
        if (repeat) _sightings.Saw("packet repeated");
        else _network.Remove(packet);
        Deliver(packet);
    }

    private void Deliver(object packet)
    {
        var target = packet is Frame<Token> frame ? frame.Channel.Target : ((Acknowledgement)packet).Channel.Source;
        var process = _processes.Single(each => each.Id == target);
        var revision = process.Revision;
        var before = revision % 16 == 0 ? process.ToRecord() : null;
        var counters = process.Counters;
        if (packet is Frame<Token> received)
        {
            var delivered = process.IncomingFrom(received.Channel.Source)?.Delivered ?? default;
            _sightings.Saw(
                "void run passed in part as markers", received.First <= delivered && received.Last > delivered);
            _sightings.Saw("channel opened inside a snapshot", process.OpenRecordings.Count > 0 && process.IncomingFrom(received.Channel.Source) is null);
            process.Receive(received, _now);
            _sightings.Saw("void run", received.First < received.Last);
        }
        else
        {
            process.Receive((Acknowledgement)packet, _now);
        }

        if (before is not null && process.Revision == revision) Assert.Equal(Render.Text(before), Render.Text(process.ToRecord()));
        _sightings.Saw("frame held back", process.Counters.HeldBack > counters.HeldBack);
        _sightings.Saw("frame dropped", process.Counters.Dropped > counters.Dropped);
        _sightings.Saw("late marker", process.Counters.LateMarkers > counters.LateMarkers);
    }

    /// <summary>Persists, and then performs the effects.</summary>
    private void Flush(int i)
    {
        var process = _processes[i];
        _stored[i] = process.ToRecord();
        var effects = process.TakeEffects();
        Assert.Empty(effects.Faults);
        Assert.Empty(effects.Notices);
        _network.AddRange(effects.Frames);
        _network.AddRange(effects.Acknowledgements);
        foreach (var report in effects.Reports) Collect(process, report, lose: process.Revision % 3 == 0);
        foreach (var channel in process.ToRecord().Outgoing) CheckOutbox(channel);
    }

    private static void CheckOutbox(OutgoingChannelRecord<Token> channel)
    {
        var next = channel.Acknowledged.Next;
        foreach (var entry in channel.Unacknowledged)
        {
            Assert.Equal(next, entry.First);
            next = entry.Last.Next;
        }

        Assert.Equal(channel.Last.Next, next);
    }

    private void Crash(int i)
    {
        _sightings.Saw("crash inside a recording", _stored[i]?.Recordings.IsEmpty == false);
        _sightings.Saw("crash that lost a step", _stored[i] is not null && _stored[i]!.State.Events < _processes[i].State.Events);
        _application.Forget(Names[i], _stored[i]?.State.Events ?? 0);
        _processes[i] = _stored[i] is { } record
            ? new Process<TokenState, Token>(record, _application, _opening, Limits, _now)
            : New(Names[i]);
        if (_stored[i] is { } same) Assert.Equal(Render.Text(same), Render.Text(_processes[i].ToRecord()));
    }

    private void Resend(int i, int passed)
    {
        _now = _now.After(passed);
        _processes[i].Resend(_now);
    }

    private void Begin(int i)
    {
        if (_collections.Count >= 4) return;
        _highest = _highest.Next;
        _collections.Add(_highest, new(_highest, Epoch.First, _processes.Select(process => process.Id)));
        _announcements.Add(new(_highest, _collections.Keys));
        _sightings.Saw("overlapping snapshots", _collections.Count > 1);
        Ask(i, _highest);
    }

    private void Ask(int i, SnapshotNumber snapshot)
    {
        _processes[i].Learn(Announcement);
        _sightings.Saw("second initiator", _collections[snapshot].Missing.Count < _collections[snapshot].Members.Count);
        _processes[i].Initiate(snapshot, _now);
    }

    private void Report(int i, bool lose)
    {
        if (_stored[i] is null) return;
        Flush(i); // Reports are effects: only of what is persisted.
        foreach (var report in _processes[i].UnacceptedReports().ToList()) Collect(_processes[i], report, lose);
    }

    private void Collect(Process<TokenState, Token> process, Report report, bool lose)
    {
        if (lose || !_collections.TryGetValue(report.Snapshot, out var builder)) return;
        _sightings.Saw("report of a stranger", !builder.Members.Contains(report.Process));
        _sightings.Saw("report again", builder.Accept(report) == ReportVerdict.Duplicate);
        process.Accept(report);
        Assert.NotEqual(CollectionStatus.Failed, builder.Status);
        if (builder.Status != CollectionStatus.Complete) return;
        var inTransit = CutChecker.Check(builder.ToGlobalState(), _application);
        _sightings.Saw("channel state that is not empty", inTransit > 0);
        _sightings.Saw("completed while another was open", _collections.Count > 1);
        _sightings.Saw("slow one overtaken", _collections.Keys.First() < report.Snapshot);
        End(report.Snapshot, "completed");
    }

    private void End(SnapshotNumber snapshot, string how)
    {
        _sightings.Saw(how);
        _collections.Remove(snapshot);
        _announcements.Add(new(_highest, _collections.Keys));
    }

    /// <summary>From now on the network is kind: everything must end, and nothing may be lost or left.</summary>
    private void Settle()
    {
        for (var round = 0; round < 300; round++)
        {
            for (var i = 0; i < _processes.Count; i++)
            {
                _processes[i].Learn(Announcement);
                foreach (var (snapshot, collection) in _collections)
                {
                    if (collection.Missing.Contains(Names[i])) _processes[i].Initiate(snapshot, _now);
                }

                Report(i, lose: false);
                Flush(i);
                Resend(i, Limits.MaxResendPauseMs);
                Flush(i);
            }

            var packets = _network.ToList();
            _network.Clear();
            foreach (var packet in packets) Deliver(packet);
            if (_collections.Count == 0 && _network.Count == 0 && _processes.All(process => !process.IsUnfinished)) break;
        }

        Assert.Empty(_collections);
        Assert.All(_processes, process => Assert.False(process.IsUnfinished));
        Assert.Equal(
            _processes.SelectMany(process => _application.InitialTokens(process.Id)).Order(),
            _processes.SelectMany(process => process.State.Held).Order());
        foreach (var source in _processes)
        {
            foreach (var target in _processes)
            {
                Assert.Equal(
                    CutChecker.SentTo(_application.HistoryOf(source.Id), target.Id),
                    CutChecker.DeliveredFrom(_application.HistoryOf(target.Id), source.Id));
            }
        }
    }
}
