namespace Snapshots.Grains.Tests;

public sealed class FrameQueueTests
{
    private static readonly StreamId Alice = StreamId.Create("letters", "alice");
    private static readonly StreamId Bob = StreamId.Create("letters", "bob");

    [Fact]
    public void What_waits_is_taken_once_and_one_batch_for_each_inbox_in_order()
    {
        var queue = new FrameQueue(TimeProvider.System);
        Assert.True(queue.TryPut([Packet(Alice, 1), Packet(Bob, 2)]));
        Assert.True(queue.TryPut([Packet(Alice, 3)]));
        var batches = queue.TakeAll().Cast<FrameBatch>().ToList();
        Assert.Equal([Alice, Bob], batches.Select(batch => batch.StreamId));
        Assert.Equal([1, 3], Sizes(batches[0]));
        Assert.Equal([2], Sizes(batches[1]));
        Assert.Empty(queue.TakeAll());
    }

    [Fact]
    public void A_full_queue_takes_nothing_until_it_is_read()
    {
        var queue = new FrameQueue(TimeProvider.System);
        Assert.True(queue.TryPut([.. Enumerable.Repeat(Packet(Alice, 1), FrameQueue.MaxPackets)]));
        Assert.False(queue.TryPut([Packet(Bob, 1)]));
        Assert.Equal(FrameQueue.MaxPackets, Sizes((FrameBatch)Assert.Single(queue.TakeAll())).Length);
        Assert.True(queue.TryPut([Packet(Bob, 1)]));
    }

    [Fact]
    public void A_queue_is_full_by_bytes_too()
    {
        var queue = new FrameQueue(TimeProvider.System);
        const int Large = 8 * 1024 * 1024;
        for (var bytes = 0L; bytes < FrameQueue.MaxBytes; bytes += Large)
        {
            Assert.True(queue.TryPut([Packet(Alice, Large)]));
        }

        Assert.False(queue.TryPut([Packet(Alice, 1)]));
    }

    [Fact]
    public void A_queue_that_is_closed_takes_nothing_and_is_no_longer_here()
    {
        var queues = new FrameQueues(TimeProvider.System);
        Assert.Null(queues.Here("one"));
        var queue = queues.Open("one");
        Assert.Same(queue, queues.Here("one"));
        queue.Close();
        Assert.Null(queues.Here("one"));
        Assert.False(queue.TryPut([Packet(Alice, 1)]));
    }

    [Fact]
    public void The_end_of_an_earlier_activation_does_not_close_the_queue_of_the_next_one()
    {
        var queues = new FrameQueues(TimeProvider.System);
        var earlier = queues.Open("one");
        var next = queues.Open("one");
        earlier.Close();
        Assert.Same(next, queues.Here("one"));
        Assert.Empty(next.TakeAll());
    }

    [Fact]
    public void A_queue_that_no_reader_looks_at_is_forgotten_until_one_does()
    {
        var time = new ManualTime();
        var queues = new FrameQueues(time);
        var queue = queues.Open("one");
        time.Advance(FrameQueue.MaxUnread);
        Assert.True(queue.TryPut([Packet(Alice, 1)]));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(queues.Here("one"));
        Assert.False(queue.TryPut([Packet(Alice, 1)]));
        Assert.Single(queue.TakeAll());
        Assert.Same(queue, queues.Here("one"));
        Assert.True(queue.TryPut([Packet(Alice, 1)]));
    }

    private static InboxPacket Packet(StreamId inbox, int size) => new(inbox, new Packet(new byte[size]));

    private static int[] Sizes(FrameBatch batch) => [.. batch.Packets.Select(packet => packet.Body.Length)];
}
