namespace Snapshots.Protocol.Tests;

/// <summary>
/// Leads process p through random inputs, all legal: messages and markers either way, acknowledgements, snapshots that
/// begin, overlap, overflow and end, receipts, crashes. Notes what the journal's entries have to get right.
/// </summary>
internal sealed class ProcessHistory(Random random, Sightings sightings)
{
    private static readonly ProtocolLimits Limits = new()
    {
        Window = 8,
        MaxRecordedMessages = 4,
        Requests = new() { KeyRetentionMs = 3_000, MaxHandMadeKeys = 20 },
    };

    private long _text;

    /// <summary>The process's clock, in milliseconds since 1970.</summary>
    public long WallMs { get; private set; } = 1_769_860_800_000;

    public TestProcess Process { get; private set; } = Given.Joined(Given.P, limits: Limits);

    /// <summary>Goes on from a record, as after a crash.</summary>
    public void Restore(ProcessRecord<string, string> record) =>
        Process = new(record, LogApplication.Instance, ChannelOpening.Directed, Limits, Given.Start);

    public void Step()
    {
        var peer = new ProcessId($"q{random.Next(4)}");
        switch (random.Next(24))
        {
            case < 4: Send(peer); break;
            case < 9: Receive(peer, count => new MessageContent<string>(count.Next, $"{++_text}")); break;
            case < 12: Acknowledge(peer); break;
            case < 14: Begin(); break;
            case < 17: CloseChannel(peer); break;
            case 17: End(); break;
            case > 19: Answer(); break;
            default: Accept(); break;
        }

        Assert.Empty(Process.TakeEffects().Faults);
    }

    private void Send(ProcessId peer)
    {
        if (!Process.HasRoom(peer)) return;
        sightings.Saw(
            "channel opened inside a snapshot", Process.OutgoingTo(peer) is null && Process.OpenRecordings.Count > 0);
        Process.Apply(new(Process.State, [new(peer, $"{++_text}")]), Given.Start);
    }

    /// <summary>Answers a request under a key, if the key is new.</summary>
    private void Answer()
    {
        WallMs += random.Next(300);
        var key = random.Next(2) == 0 ? RequestKey.Create(WallMs - random.Next(1_000), (ulong)++_text) : new($"k{random.Next(60)}");
        if (Process.Find(key, WallMs, out _) != KeyStanding.New) return;
        var held = Process.Requests.HandMadeKeys;
        Process.Apply(null, new KeyedRequest(key, (ulong)_text, [(byte)random.Next(3)], WallMs), Given.Start);
        sightings.Saw("keys inside a snapshot", Process.OpenRecordings.Count > 0);
        sightings.Saw("expired keys forgotten", Process.Requests.HandMadeKeys < held);
    }

    private void Receive(ProcessId peer, Func<MessageCount, FrameContent<string>> content)
    {
        var incoming = Process.IncomingFrom(peer);
        var number = (incoming?.Delivered ?? default).Next;
        var before = Recordings().Count(recording => recording.Overflow);
        var frame = new Frame<string>(
            new(peer, Given.P), Epoch.First, number, number, content(incoming?.Messages ?? default), Acknowledged: default);
        Process.Receive(frame, Given.Start);
        sightings.Saw("overflow", Recordings().Count(recording => recording.Overflow) > before);
    }

    /// <summary>
    /// The receiver has passed the frames up to one of them, perhaps only a part of a run of void ones.
    /// </summary>
    private void Acknowledge(ProcessId peer)
    {
        if (Process.OutgoingTo(peer) is not { Unacknowledged: { IsEmpty: false } entries }) return;
        var entry = entries[random.Next(entries.Length)];
        var upTo = new FrameNumber(random.NextInt64(entry.First.Value, entry.Last.Value + 1));
        sightings.Saw("void run acknowledged in part", upTo < entry.Last);
        Process.Receive(new Acknowledgement(new(Given.P, peer), Epoch.First, upTo, entry.DigestAfter), Given.Start);
    }

    private void Begin()
    {
        if (Process.OpenRecordings.Count >= 4) return;
        var number = Process.Known.Highest.Next;
        sightings.Saw("overlapping snapshots", Process.OpenRecordings.Count > 0);
        Process.Learn(new(number, Process.Known.Open.Append(number)));
        Process.Initiate(number, Given.Start);
    }

    private void CloseChannel(ProcessId peer)
    {
        var open = Recordings().Where(recording => recording.Channels.Any(
            channel => channel.Source == peer && channel.Status == ChannelRecordingStatus.Recording)).ToList();
        if (open.Count == 0) return;
        var recording = open[random.Next(open.Count)];
        sightings.Saw(
            "channel closed with messages",
            recording.Channels.Any(channel => channel.Source == peer && !channel.Messages.IsEmpty));
        Receive(peer, count => new MarkerContent<string>(recording.Snapshot, count));
    }

    private void End()
    {
        if (Process.OpenRecordings.Count == 0) return;
        var ended = Process.OpenRecordings.ElementAt(random.Next(Process.OpenRecordings.Count));
        var runs = VoidRuns();
        Process.Learn(new(Process.Known.Highest, Process.Known.Open.Remove(ended)));
        sightings.Saw("snapshot ended");
        sightings.Saw(
            "void run grew", VoidRuns().Any(after => runs.Any(run => run.First == after.First && run.Last < after.Last)));
    }

    private void Accept()
    {
        foreach (var report in Process.UnacceptedReports().Where(_ => random.Next(2) == 0).ToList())
        {
            sightings.Saw($"receipt of a {report.Key.Kind}");
            Process.Accept(report);
        }
    }

    private List<OutboxEntry<string>> VoidRuns() => [.. Process.ToRecord().Outgoing
        .SelectMany(channel => channel.Unacknowledged)
        .Where(entry => entry.Content is VoidContent<string>)];

    private ImmutableArray<RecordingRecord<string, string>> Recordings() => Process.ToRecord().Recordings;
}
