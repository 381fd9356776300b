namespace Snapshots.Grains.Tests;

public sealed class FrameQueueTests
{
    private static readonly StreamId Alice = StreamId.Create("letters", "alice");
    private static readonly StreamId Bob = StreamId.Create("letters", "bob");

    [Fact]
    public void What_waits_is_taken_once_and_one_batch_for_each_inbox_in_order()
    {
        var queue = new FrameQueue();
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
        var queue = new FrameQueue();
        for (var count = 0; count < FrameQueue.MaxPackets; count++) Assert.True(queue.TryPut([Packet(Alice, 1)]));
        Assert.False(queue.TryPut([Packet(Bob, 1)]));
        Assert.Equal(FrameQueue.MaxPackets, Sizes((FrameBatch)Assert.Single(queue.TakeAll())).Length);
        Assert.True(queue.TryPut([Packet(Bob, 1)]));
    }

    [Fact]
    public void A_queue_is_full_by_bytes_too()
    {
        var queue = new FrameQueue();
        const int Large = 8 * 1024 * 1024;
        for (var bytes = 0L; bytes < FrameQueue.MaxBytes; bytes += Large)
        {
            Assert.True(queue.TryPut([Packet(Alice, Large)]));
        }

        Assert.False(queue.TryPut([Packet(Alice, 1)]));
    }

    [Fact]
    public void A_queue_whose_grain_is_activated_again_begins_empty()
    {
        var queue = new FrameQueue();
        queue.Open();
        Assert.True(queue.IsHere);
        queue.TryPut([Packet(Alice, 1)]);
        queue.Close();
        Assert.False(queue.IsHere);
        queue.Open();
        Assert.Empty(queue.TakeAll());
    }

    private static InboxPacket Packet(StreamId inbox, int size) => new(inbox, new Packet(new byte[size]));

    private static int[] Sizes(FrameBatch batch) => [.. batch.Packets.Select(packet => packet.Body.Length)];
}
