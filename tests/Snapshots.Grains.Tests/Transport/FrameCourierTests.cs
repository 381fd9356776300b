using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Streams;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class FrameCourierTests : IDisposable
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly SiloStopping _stopping = new();
    private readonly TestQueues _queues = new();
    private readonly LogList _log = new();
    private readonly ServiceProvider _services;
    private readonly FrameCourier<Letter> _courier;

    public FrameCourierTests()
    {
        _services = new ServiceCollection().AddMetrics().AddSerializer().BuildServiceProvider();
        _courier = new(
            _queues,
            Options.Create(new SnapshotsOptions()),
            ActivatorUtilities.CreateInstance<SnapshotInstruments>(_services),
            _services.GetRequiredService<Serializer<Letter>>(),
            _time,
            _stopping,
            _log);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task One_call_carries_the_packets_of_all_inboxes_that_have_gathered()
    {
        for (var number = 1; number <= 3; number++)
        {
            Send("bob", number);
            Send("carol", number);
        }

        await GatherAsync(LeastPause);
        var packets = await NextAsync();
        Assert.Equal(["bob", "carol"], packets.Select(packet => packet.Inbox.GetKeyAsString()));
        foreach (var packet in packets)
        {
            Assert.Equal([1, 2, 3], Decode(packet).Frames.Select(frame => frame.First.Value));
        }
    }

    [Fact]
    public async Task The_more_inboxes_a_call_served_the_longer_the_next_one_gathers()
    {
        for (var target = 0; target < 100; target++) Send($"t{target}", 1);
        await GatherAsync(LeastPause);
        Assert.Equal(100, (await NextAsync()).Length);
        Send("bob", 1);
        await GatherAsync(TimeSpan.FromMilliseconds(40)); // 0.4 ms for each.
        Assert.Single(await NextAsync());
    }

    [Fact]
    public async Task A_full_queue_is_tried_again_with_growing_pauses_and_nothing_is_logged()
    {
        _queues.Take = () => false;
        Send("bob", 1);
        await GatherAsync(LeastPause);
        int[] pausesMs = [5, 10, 20, 40, 80, 160, 200, 200];
        for (var retry = 0; retry < pausesMs.Length; retry++)
        {
            await NextAsync();
            if (retry == pausesMs.Length - 1) _queues.Take = () => true;
            await GatherAsync(TimeSpan.FromMilliseconds(pausesMs[retry]));
        }

        Assert.Equal(1, Decode((await NextAsync()).Single()).Frames.Single().First.Value);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_frame_that_cannot_be_encoded_is_dropped_and_stops_no_other_one()
    {
        var damaged = Given.LetterFrame(Given.Alice, Given.Bob, 2) with { Last = new FrameNumber(1) };
        _courier.Send(LetterApplication.Name, damaged);
        Send("carol", 1);
        await GatherAsync(LeastPause);
        Assert.Equal("carol", (await NextAsync()).Single().Inbox.GetKeyAsString());
        Assert.Equal(LogLevel.Error, Assert.Single(_log.Lines));
    }

    private void Send(string target, long number) =>
        _courier.Send(LetterApplication.Name, Given.LetterFrame(Given.Alice, new(target), number));

    private async Task GatherAsync(TimeSpan expected)
    {
        Assert.Equal(expected, await _time.NextTimerAsync());
        _time.Advance(expected);
    }

    private async Task<InboxPacket[]> NextAsync() =>
        await _queues.Calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(MaxWait);

    private PacketContent<Letter> Decode(InboxPacket packet) => new PacketCodec<Letter>(
        new(new(_services.GetRequiredService<Serializer<Letter>>()), null)).Decode(packet.Packet);

    /// <summary>One queue, which takes or refuses as its test says.</summary>
    private sealed class TestQueues : IPacketSender
    {
        public Channel<InboxPacket[]> Calls { get; } = Channel.CreateUnbounded<InboxPacket[]>();

        public Func<bool> Take { get; set; } = () => true;

        public QueueId QueueOf(StreamId inbox) => QueueId.GetQueueId("q", 0, 0);

        public Task<bool> TrySendAsync(QueueId queue, InboxPacket[] packets)
        {
            var taken = Take();
            Calls.Writer.TryWrite(packets);
            return Task.FromResult(taken);
        }
    }

    private sealed class LogList : ILogger<FrameCourier<Letter>>
    {
        public List<LogLevel> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Add(logLevel);
    }
}
