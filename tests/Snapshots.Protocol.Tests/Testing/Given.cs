namespace Snapshots.Protocol.Tests;

/// <summary>The names, processes and frames that the tests start from.</summary>
internal static class Given
{
    public static ProcessId P { get; } = new("p");

    public static ProcessId Q { get; } = new("q");

    public static ProcessId R { get; } = new("r");

    public static Instant Start { get; } = new(0);

    public static SnapshotNumber Snapshot(long number) => new(number);

    public static SnapshotAnnouncement Announcement(long highest, params long[] open) =>
        new(Snapshot(highest), open.Select(Snapshot));

    /// <summary>A process that has not joined.</summary>
    public static TestProcess Newcomer(
        ProcessId id,
        ChannelOpening opening = ChannelOpening.Directed,
        ProtocolLimits? limits = null,
        MarkerPolicy markers = MarkerPolicy.EveryChannel) =>
        new(id, LogApplication.Instance, opening, limits ?? ProtocolLimits.Default, markers);

    /// <summary>A process that has joined epoch 1, where no snapshot was ever taken.</summary>
    public static TestProcess Joined(
        ProcessId id,
        ChannelOpening opening = ChannelOpening.Directed,
        ProtocolLimits? limits = null,
        long epoch = 1,
        MarkerPolicy markers = MarkerPolicy.EveryChannel)
    {
        var process = Newcomer(id, opening, limits, markers);
        process.Join(new Epoch(epoch), SnapshotAnnouncement.None, Start);
        return process;
    }

    public static Frame<string> Message(
        ProcessId source, ProcessId target, long frame, long number, string text, long acknowledged = 0, long epoch = 1) =>
        NewFrame(source, target, frame, frame, new MessageContent<string>(new MessageCount(number), text), acknowledged, epoch);

    public static Frame<string> Marker(
        ProcessId source, ProcessId target, long frame, long snapshot, long sentBefore, long acknowledged = 0, long epoch = 1) =>
        NewFrame(
            source, target, frame, frame, new MarkerContent<string>(Snapshot(snapshot), new MessageCount(sentBefore)), acknowledged, epoch);

    public static Frame<string> Void(ProcessId source, ProcessId target, long first, long last) =>
        NewFrame(source, target, first, last, new VoidContent<string>(), 0, 1);

    public static MessageDigest DigestOf(params string[] messages) =>
        messages.Aggregate(default(MessageDigest), (digest, message) => digest.Then(LogApplication.Instance.Fingerprint(message)));

    public static Acknowledgement Acknowledgement(
        ProcessId source, ProcessId target, long upTo, MessageDigest digest, long epoch = 1) =>
        new(new ChannelId(source, target), new Epoch(epoch), new FrameNumber(upTo), digest);

    public static LocalReport<string> Local(
        ProcessId process, (ProcessId Peer, long Count)[] sent, (ProcessId Peer, long Count)[] delivered, long snapshot = 1, long epoch = 1) =>
        new(Snapshot(snapshot), new Epoch(epoch), process, $"state of {process}", Counts(sent), Counts(delivered));

    public static ChannelReport<string> Channel(
        ProcessId source, ProcessId target, long deliveredBefore, string[] messages, long snapshot = 1, long epoch = 1) =>
        new(Snapshot(snapshot), new Epoch(epoch), target, source, new MessageCount(deliveredBefore), [.. messages]);

    private static ImmutableArray<ChannelCount> Counts((ProcessId Peer, long Count)[] counts) =>
        [.. counts.Select(pair => new ChannelCount(pair.Peer, new MessageCount(pair.Count)))];

    private static Frame<string> NewFrame(
        ProcessId source, ProcessId target, long first, long last, FrameContent<string> content, long acknowledged, long epoch) =>
        new(new ChannelId(source, target), new Epoch(epoch), new(first), new(last), content, new FrameNumber(acknowledged));
}
