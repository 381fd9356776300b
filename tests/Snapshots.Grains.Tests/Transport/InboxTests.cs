using Orleans.Streams;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class InboxTests
{
    private static readonly ProcessId Carol = new("carol");
    private readonly ManualTime _time = new();

    [Fact]
    public void Frames_leave_in_order_and_no_packet_is_larger_than_allowed()
    {
        var inbox = Open(maxPerPacket: 10);
        for (var number = 1; number <= 25; number++) inbox.Add(Letter(number));
        int[] sizes = [10, 10, 5];
        var frames = new List<long>();
        foreach (var size in sizes)
        {
            var content = Take(inbox);
            Assert.Equal(size, content.Frames.Count);
            frames.AddRange(content.Frames.Select(frame => frame.First.Value));
        }

        Assert.Equal(Enumerable.Range(1, 25).Select(number => (long)number), frames);
    }

    [Fact]
    public void No_packet_carries_more_acknowledgements_than_allowed()
    {
        var inbox = Open(maxPerPacket: 10);
        for (var target = 0; target < 25; target++) inbox.Add(Acknowledgement(new($"t{target}"), 1));
        _time.Advance(Inbox<Letter>.AcknowledgementPause);
        var targets = new List<ProcessId>();
        while (targets.Count < 25)
        {
            var content = Take(inbox);
            Assert.InRange(content.Acknowledgements.Count, 1, 10);
            targets.AddRange(content.Acknowledgements.Select(each => each.Channel.Target));
        }

        Assert.Equal(25, targets.Distinct().Count());
    }

    [Fact]
    public void Of_the_acknowledgements_of_a_channel_the_highest_leaves()
    {
        var inbox = Open();
        inbox.Add(Acknowledgement(Carol, 2));
        inbox.Add(Acknowledgement(Carol, 5));
        inbox.Add(Acknowledgement(Carol, 3));
        inbox.Add(Acknowledgement(Given.Alice, 1));
        _time.Advance(Inbox<Letter>.AcknowledgementPause);
        Assert.Equal(
            [(Carol, 5L), (Given.Alice, 1L)],
            Take(inbox).Acknowledgements.Select(each => (each.Channel.Target, each.UpTo.Value)));
    }

    /// <summary>
    /// Frames that went before change nothing: the wait is that of the acknowledgements that wait now.
    /// </summary>
    [Fact]
    public void Acknowledgements_alone_wait_for_a_frame_also_after_frames_have_left()
    {
        var inbox = Open();
        inbox.Add(Letter(1));
        Take(inbox);
        inbox.Add(Acknowledgement(Carol, 1));
        Assert.Null(inbox.Take(out _));
        _time.Advance(Inbox<Letter>.AcknowledgementPause - TimeSpan.FromMilliseconds(1));
        Assert.Null(inbox.Take(out var isRetired));
        Assert.False(isRetired);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Single(Take(inbox).Acknowledgements);
    }

    [Fact]
    public void A_frame_and_a_notice_take_the_acknowledgements_along()
    {
        var inbox = Open();
        inbox.Add(Acknowledgement(Carol, 1));
        inbox.Add(Letter(1));
        Assert.Single(Take(inbox).Acknowledgements);
        inbox.Add(Acknowledgement(Carol, 2));
        inbox.Add(new EpochNotice(Given.Bob, Epoch.First));
        inbox.Add(new EpochNotice(Given.Bob, Epoch.First));
        var content = Take(inbox);
        Assert.Single(content.Acknowledgements);
        Assert.Single(content.Notices);
    }

    [Fact]
    public void One_frame_more_than_may_wait_is_dropped()
    {
        var inbox = Open(maxPerPacket: Inbox<Letter>.MaxWaiting);
        for (var number = 1; number <= Inbox<Letter>.MaxWaiting; number++)
        {
            Assert.NotEqual(Added.Dropped, inbox.Add(Letter(number)));
        }

        Assert.Equal(Added.Dropped, inbox.Add(Letter(Inbox<Letter>.MaxWaiting + 1)));
        Assert.Equal(Inbox<Letter>.MaxWaiting, Take(inbox).Frames.Count);
    }

    [Fact]
    public void An_inbox_is_listed_once_until_nothing_waits_and_then_takes_nothing_more()
    {
        var inbox = Open();
        Assert.Equal(Added.First, inbox.Add(Letter(1)));
        Assert.Equal(Added.Waits, inbox.Add(Letter(2)));
        Take(inbox);
        Assert.Equal(Added.Waits, inbox.Add(Letter(3)));
        Take(inbox);
        Assert.Null(inbox.Take(out var isRetired));
        Assert.True(isRetired);
        Assert.Equal(Added.Retired, inbox.Add(Letter(4)));
        Assert.Equal(Added.Retired, inbox.Add(Acknowledgement(Carol, 1)));
        Assert.Equal(Added.Retired, inbox.Add(new EpochNotice(Given.Bob, Epoch.First)));
    }

    private static PacketContent<Letter> Take(Inbox<Letter> inbox) =>
        inbox.Take(out _) ?? throw new InvalidOperationException("nothing leaves");

    private static Frame<Letter> Letter(long number) => Given.LetterFrame(Given.Alice, Given.Bob, number);

    private static Acknowledgement Acknowledgement(ProcessId target, long upTo) =>
        new(new ChannelId(Given.Bob, target), Epoch.First, new(upTo), new MessageDigest((ulong)upTo));

    private Inbox<Letter> Open(int maxPerPacket = 256) => new(
        Given.Bob, StreamId.Create("letters", "bob"), QueueId.GetQueueId("q", 0, 0), maxPerPacket, _time);
}
