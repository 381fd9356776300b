using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class InboxTests : IDisposable
{
    private static readonly ProcessId Carol = new("carol");
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TestStream _stream = new();
    private readonly TaskCompletionSource<Inbox<Letter>> _retired = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Frames_leave_in_order_and_no_packet_is_larger_than_allowed()
    {
        var inbox = Open(maxFramesPerPacket: 10);
        for (var number = 1; number <= 25; number++) inbox.TryAdd(Letter(Given.Alice, number));
        var frames = new List<long>();
        while (frames.Count < 25)
        {
            var content = await NextAsync();
            Assert.InRange(content.Frames.Count, 1, 10);
            frames.AddRange(content.Frames.Select(frame => frame.First.Value));
        }

        Assert.Equal(Enumerable.Range(1, 25).Select(number => (long)number), frames);
    }

    [Fact]
    public async Task No_packet_carries_more_acknowledgements_than_allowed()
    {
        var inbox = Open(maxFramesPerPacket: 10);
        _stream.Hold();
        inbox.TryAdd(Letter(Given.Alice, 1));
        await _stream.EnteredAsync();
        for (var target = 0; target < 25; target++) inbox.TryAdd(Acknowledgement(new($"t{target}"), 1));
        _stream.Release();
        await NextAsync();
        var targets = new List<ProcessId>();
        while (targets.Count < 25)
        {
            var content = await NextAsync();
            Assert.InRange(content.Acknowledgements.Count, 1, 10);
            targets.AddRange(content.Acknowledgements.Select(each => each.Channel.Target));
        }

        Assert.Equal(25, targets.Distinct().Count());
    }

    [Fact]
    public async Task What_the_stream_refuses_is_published_again()
    {
        _stream.Refuse(3);
        Open().TryAdd(Letter(Given.Alice, 1));
        var content = await NextAsync();
        Assert.Equal(1, content.Frames.Single().First.Value);
        Assert.Equal(4, _stream.Tries);
    }

    [Fact]
    public async Task One_publication_is_under_way_at_a_time_and_what_comes_meanwhile_leaves_together()
    {
        var inbox = Open();
        _stream.Hold();
        inbox.TryAdd(Letter(Given.Alice, 1));
        await _stream.EnteredAsync();
        for (var number = 2; number <= 50; number++) inbox.TryAdd(Letter(Given.Alice, number));
        inbox.TryAdd(Acknowledgement(Carol, 1));
        inbox.TryAdd(new EpochNotice(Given.Bob, Epoch.First));
        inbox.TryAdd(new EpochNotice(Given.Bob, Epoch.First));
        _stream.Release();
        Assert.Single((await NextAsync()).Frames);
        var rest = await NextAsync();
        Assert.Equal(49, rest.Frames.Count);
        Assert.Single(rest.Acknowledgements);
        Assert.Single(rest.Notices);
        Assert.Equal(1, _stream.MostAtATime);
    }

    [Fact]
    public async Task Of_the_acknowledgements_of_a_channel_the_highest_leaves()
    {
        var inbox = Open();
        inbox.TryAdd(Acknowledgement(Carol, 2));
        inbox.TryAdd(Acknowledgement(Carol, 5));
        inbox.TryAdd(Acknowledgement(Carol, 3));
        inbox.TryAdd(Acknowledgement(Given.Alice, 1));
        var content = await NextAsync();
        Assert.Equal([(Carol, 5L), (Given.Alice, 1L)], content.Acknowledgements.Select(each => (each.Channel.Target, each.UpTo.Value)));
    }

    [Fact]
    public async Task More_than_may_wait_is_dropped_and_counted()
    {
        const int MaxWaiting = 65_536;
        var dropped = 0L;
        using var listener = new MeterListener();
        var instruments = Instruments();
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (ReferenceEquals(instrument, instruments.FramesDropped)) dropped += value;
        });
        listener.EnableMeasurementEvents(instruments.FramesDropped);
        var inbox = Open(maxFramesPerPacket: MaxWaiting, instruments);
        _stream.Hold();
        inbox.TryAdd(Letter(Given.Alice, 1));
        await _stream.EnteredAsync();
        for (var number = 0; number < MaxWaiting; number++) inbox.TryAdd(Letter(Given.Alice, 2 + number));
        Assert.Equal(0, dropped);
        inbox.TryAdd(Letter(Given.Alice, 2 + MaxWaiting));
        Assert.Equal(1, dropped);
        _stream.Release();
        await NextAsync();
        Assert.Equal(MaxWaiting, (await NextAsync()).Frames.Count);
    }

    [Fact]
    public async Task A_frame_that_cannot_be_encoded_is_dropped_and_does_not_stop_the_inbox()
    {
        var inbox = Open();
        _stream.Hold();
        inbox.TryAdd(Letter(Given.Alice, 1));
        await _stream.EnteredAsync();
        inbox.TryAdd(Letter(Given.Alice, 2) with { Last = new FrameNumber(1) }); // Its length is negative.
        _stream.Release();
        await NextAsync();
        Assert.Same(inbox, await _retired.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(1, _stream.Tries);
    }

    [Fact]
    public async Task An_inbox_in_which_nothing_waits_retires_and_takes_nothing_more()
    {
        var inbox = Open();
        Assert.True(inbox.TryAdd(Letter(Given.Alice, 1)));
        await NextAsync();
        Assert.Same(inbox, await _retired.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.False(inbox.TryAdd(Letter(Given.Alice, 2)));
        Assert.False(inbox.TryAdd(Acknowledgement(Carol, 1)));
        Assert.False(inbox.TryAdd(new EpochNotice(Given.Bob, Epoch.First)));
    }

    [Fact]
    public void Nothing_is_begun_when_the_silo_stops()
    {
        var inbox = new Inbox<Letter>(
            Given.Bob, _stream, Given.LetterCodec, 256, Instruments(), TimeProvider.System, NullLogger.Instance, _ => { }, new CancellationToken(canceled: true));
        inbox.TryAdd(Letter(Given.Alice, 1));
        Assert.Equal(0, _stream.Tries);
    }

    private static Frame<Letter> Letter(ProcessId source, long number) => new(
        new ChannelId(source, Given.Bob), Epoch.First, new(number), new(number), new MessageContent<Letter>(new(number), new Letter(number)), default);

    private static Acknowledgement Acknowledgement(ProcessId target, long upTo) =>
        new(new ChannelId(Given.Bob, target), Epoch.First, new(upTo), new MessageDigest((ulong)upTo));

    private async Task<PacketContent<Letter>> NextAsync() => new PacketCodec<Letter>(Given.LetterCodec).Decode(await _stream.NextAsync());

    private SnapshotInstruments Instruments() => new(_services.GetRequiredService<IMeterFactory>());

    private Inbox<Letter> Open(int maxFramesPerPacket = 256, SnapshotInstruments? instruments = null) => new(
        Given.Bob,
        _stream,
        Given.LetterCodec,
        maxFramesPerPacket,
        instruments ?? Instruments(),
        TimeProvider.System,
        NullLogger.Instance,
        retired => _retired.TrySetResult(retired),
        CancellationToken.None);
}
