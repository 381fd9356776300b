namespace Snapshots.Protocol.Tests;

/// <summary>
/// Two processes that send to each other over a network that loses, repeats, reorders and delays; both crash and come
/// back from what they persisted last. Snapshots begin and end, so that the channels carry markers and void runs as
/// well.
/// </summary>
internal sealed class ChannelWorld
{
    private static readonly ProtocolLimits Limits = new()
    {
        Window = 4,
        MaxHeldBackFrames = 2,
        FirstResendPauseMs = 10,
        MaxResendPauseMs = 40,
        MaxFramesPerResend = 3,
    };

    private readonly Sightings _sightings;
    private readonly TestProcess[] _processes = [Given.Joined(Given.P, limits: Limits), Given.Joined(Given.Q, limits: Limits)];
    private readonly ProcessRecord<string, string>[] _stored;
    private readonly List<string>[] _sent = [[], []];
    private readonly List<object> _network = [];
    private SnapshotAnnouncement _announcement = SnapshotAnnouncement.None;
    private Instant _now;

    public ChannelWorld(Sightings sightings)
    {
        _sightings = sightings;
        _stored = [.. _processes.Select(process => process.ToRecord())];
    }

    public void Run(IEnumerable<uint> steps)
    {
        foreach (var step in steps) Step(step % 16, (int)((step >> 4) % 2), (int)(step >> 5));
        Settle();
    }

    private static ProcessId Other(int i) => i == 0 ? Given.Q : Given.P;

    private void Step(uint kind, int i, int choice)
    {
        switch (kind)
        {
            case <= 2: Send(i, choice); break;
            case <= 6: Deliver(choice, repeat: kind == 3); break;
            case 7: if (_network.Count > 0) _network.RemoveAt(choice % _network.Count); break;
            case <= 10: Flush(i); break;
            case 11: Crash(i); break;
            case 12: Resend(i, choice % 50); break;
            case 13: Begin(i); break;
            case 14: _announcement = new(_announcement.Highest, _announcement.Open.Where(number => number.Value % 3 == choice % 3)); break;
            default: _processes[i].Learn(_announcement); break;
        }
    }

    private void Send(int i, int choice)
    {
        _sightings.Saw("window full", !_processes[i].HasRoom(Other(i)));
        if (!_processes[i].HasRoom(Other(i))) return;
        var text = $"{_sent[i].Count + 1}/{choice % 100}";
        _sent[i].Add(text);
        _processes[i].Apply(new(_processes[i].State, [new(Other(i), text)]), _now);
    }

    private void Begin(int i)
    {
        if (_announcement.Open.Count >= 4) return;
        var number = _announcement.Highest.Next;
        _announcement = new(number, _announcement.Open.Append(number));
        _processes[i].Learn(_announcement);
        _processes[i].Initiate(number, _now);
    }

    private void Deliver(int choice, bool repeat)
    {
        if (_network.Count == 0) return;
        var packet = _network[choice % _network.Count];
        if (!repeat) _network.Remove(packet);
        Deliver(packet);
    }

    private void Deliver(object packet)
    {
        if (packet is Frame<string> frame)
        {
            var target = _processes.Single(process => process.Id == frame.Channel.Target);
            var counters = target.Counters;
            target.Receive(frame, _now);
            _sightings.Saw("duplicate", target.Counters.Duplicates > counters.Duplicates);
            _sightings.Saw("held back", target.Counters.HeldBack > counters.HeldBack);
            _sightings.Saw("dropped", target.Counters.Dropped > counters.Dropped);
            _sightings.Saw("void run", frame.First < frame.Last);
        }
        else if (packet is Acknowledgement acknowledgement)
        {
            var source = _processes.Single(process => process.Id == acknowledgement.Channel.Source);
            var before = source.OutgoingTo(acknowledgement.Channel.Target)!;
            source.Receive(acknowledgement, _now);
            _sightings.Saw("acknowledgement overtaken", acknowledgement.UpTo < before.Acknowledged);
            _sightings.Saw("void run acknowledged in part", before.Unacknowledged.Any(
                entry => entry.First <= acknowledgement.UpTo && acknowledgement.UpTo < entry.Last));
        }
    }

    private void Flush(int i)
    {
        _stored[i] = _processes[i].ToRecord();
        var effects = _processes[i].TakeEffects();
        Assert.Empty(effects.Faults);
        _network.AddRange(effects.Frames);
        _network.AddRange(effects.Acknowledgements);
    }

    private void Crash(int i)
    {
        var sent = (int)(_stored[i].Outgoing.SingleOrDefault()?.Sent.Value ?? 0);
        _sightings.Saw("crash that lost a message not yet persisted", sent < _sent[i].Count);
        _sightings.Saw("crash that forgot a delivery not yet acknowledged", _stored[i].State != _processes[i].State);
        _sent[i].RemoveRange(sent, _sent[i].Count - sent);
        _processes[i] = new(_stored[i], LogApplication.Instance, ChannelOpening.Directed, Limits, _now);
    }

    private void Resend(int i, int passed)
    {
        _now = _now.After(passed);
        var before = _processes[i].Counters.Resent;
        _processes[i].Resend(_now);
        _sightings.Saw("sent again", _processes[i].Counters.Resent > before);
    }

    private void Settle()
    {
        for (var round = 0; round < 100 && (_network.Count > 0 || round == 0 || _processes.Any(process => process.HasUnacknowledgedFrames)); round++)
        {
            for (var i = 0; i < 2; i++)
            {
                Resend(i, Limits.MaxResendPauseMs);
                Flush(i);
            }

            var packets = _network.ToList();
            _network.Clear();
            foreach (var packet in packets) Deliver(packet);
        }

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(string.Concat(_sent[i].Select(text => $"{_processes[i].Id}:{text};")), _processes[1 - i].State);
            Assert.False(_processes[i].HasUnacknowledgedFrames);
            Assert.Null(_processes[i].ResendAt);
            Assert.Equal(0, _processes[i].HeldBackFrames);
        }
    }
}
