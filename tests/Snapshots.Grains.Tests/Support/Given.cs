using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>Short names for what tests are made of.</summary>
internal static class Given
{
    public static readonly ServiceProvider Services = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(Packet).Assembly).AddAssembly(typeof(StoredRow).Assembly).AddAssembly(typeof(Letter).Assembly))
        .BuildServiceProvider();

    public static readonly ProcessId Alice = new("alice");

    public static readonly ProcessId Bob = new("bob");

    public static Serializer Serializer => Services.GetRequiredService<Serializer>();

    public static MessageCodec<Letter> LetterCodec => new(new(Services.GetRequiredService<Serializer<Letter>>()), own: null);

    public static PayloadCodec<LetterState> StateCodec => new(Services.GetRequiredService<Serializer<LetterState>>());

    public static ProcessRecordCodec<LetterState, Letter> RecordCodec => new(new(StateCodec, differences: null), LetterCodec);

    /// <summary>A codec that writes differences of states, too.</summary>
    public static ProcessRecordCodec<LetterState, Letter> DifferenceCodec => new(new(StateCodec, new LetterStateDifference()), LetterCodec);

    public static SnapshotNumber Snapshot(long number) => new(number);

    public static SnapshotAnnouncement Announcement(long highest, params long[] open) => new(new(highest), open.Select(number => new SnapshotNumber(number)));

    public static Process<LetterState, Letter> Joined(ProcessId id)
    {
        var process = new Process<LetterState, Letter>(id, LetterApplication.Instance, ChannelOpening.Pair, ProtocolLimits.Default);
        process.Join(Epoch.First, SnapshotAnnouncement.None, default);
        return process;
    }

    public static Process<LetterState, Letter> Restored(ProcessRecord<LetterState, Letter> record) =>
        new(record, LetterApplication.Instance, ChannelOpening.Pair, ProtocolLimits.Default, default);

    public static void Send(this Process<LetterState, Letter> process, ProcessId target, long amount) => process.Apply(
        new(process.State with { Balance = process.State.Balance - amount }, [new(target, new Letter(amount))]), default);

    /// <summary>The receiver has passed the frames up to that one, perhaps only a part of a run of void ones.</summary>
    public static void AcknowledgeTo(this Process<LetterState, Letter> process, ProcessId target, long frame)
    {
        var entry = process.OutgoingTo(target)!.Unacknowledged.Single(entry => entry.First.Value <= frame && frame <= entry.Last.Value);
        process.Receive(new Acknowledgement(new(process.Id, target), process.Epoch, new(frame), entry.DigestAfter), default);
    }

    /// <summary>The next frame of the channel from that source, as the process's incoming channel stands.</summary>
    public static Frame<Letter> NextFrame(this Process<LetterState, Letter> process, ProcessId source, Func<MessageCount, FrameContent<Letter>> content)
    {
        var incoming = process.IncomingFrom(source);
        var number = (incoming?.Delivered ?? default).Next;
        return new(new ChannelId(source, process.Id), process.Epoch, number, number, content(incoming?.Messages ?? default), default);
    }

    public static Frame<Letter> NextLetter(this Process<LetterState, Letter> process, ProcessId source, long amount) =>
        process.NextFrame(source, count => new MessageContent<Letter>(count.Next, new Letter(amount)));

    public static Frame<Letter> NextMarker(this Process<LetterState, Letter> process, ProcessId source, SnapshotNumber snapshot) =>
        process.NextFrame(source, count => new MarkerContent<Letter>(snapshot, count));

    /// <summary>A frame with one letter, whose amount is its number.</summary>
    public static Frame<Letter> LetterFrame(ProcessId source, ProcessId target, long number) => new(
        new ChannelId(source, target),
        Epoch.First,
        new(number),
        new(number),
        new MessageContent<Letter>(new(number), new Letter(number)),
        default);
}
