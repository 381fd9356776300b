using Orleans.Streams;

namespace Snapshots.Grains.Tests;

public sealed class FrameCacheTests
{
    private static readonly StreamId Alice = StreamId.Create("letters", "alice");
    private static readonly StreamId Bob = StreamId.Create("letters", "bob");
    private readonly FrameCache _cache = new();
    private long _number;

    [Fact]
    public void A_cursor_takes_all_that_waits_for_its_inbox_as_one_batch()
    {
        _cache.AddToCache([Batch(Alice, 1), Batch(Bob, 2)]);
        using var alice = _cache.GetCacheCursor(Alice, null);
        using var bob = _cache.GetCacheCursor(Bob, null);
        _cache.AddToCache([Batch(Alice, 3)]);
        Assert.Equal([1, 3], Next(alice));
        Assert.Equal([2], Next(bob));
        Assert.Empty(Next(alice));
        _cache.AddToCache([Batch(Alice, 4)]);
        Assert.Equal([4], Next(alice));
    }

    /// <summary>
    /// The agent pins the first batch with a cursor that it never moves, until the consumer has its own.
    /// </summary>
    [Fact]
    public void Every_cursor_of_an_inbox_sees_every_batch()
    {
        _cache.AddToCache([Batch(Alice, 1)]);
        var pin = _cache.GetCacheCursor(Alice, null);
        using var first = _cache.GetCacheCursor(Alice, null);
        Assert.Equal([1], Next(first));
        using var second = _cache.GetCacheCursor(Alice, null);
        Assert.Equal([1], Next(second));
        pin.Dispose();
        pin.Dispose();
        _cache.AddToCache([Batch(Alice, 2)]);
        Assert.Equal([2], Next(first));
        Assert.Equal([2], Next(second));
    }

    [Fact]
    public void An_inbox_is_forgotten_with_its_last_cursor()
    {
        _cache.AddToCache([Batch(Alice, 1)]);
        _cache.GetCacheCursor(Alice, null).Dispose();
        Assert.Equal(0, _cache.Inboxes);
        using var later = _cache.GetCacheCursor(Alice, null);
        Assert.Empty(Next(later));
    }

    [Fact]
    public void An_inbox_that_nobody_reads_keeps_its_bound_and_leaves_room_for_others()
    {
        using var alice = _cache.GetCacheCursor(Alice, null);
        for (var count = 0; count <= FrameCache.MaxBatches; count++) _cache.AddToCache([Batch(Alice, 1)]);
        Assert.False(_cache.IsUnderPressure());
        Assert.Equal(FrameCache.MaxBatchesPerInbox, Next(alice).Count);
    }

    [Fact]
    public void The_agent_reads_no_more_while_the_cache_is_full()
    {
        const int Inboxes = FrameCache.MaxBatches / FrameCache.MaxBatchesPerInbox;
        var cursors = new List<IQueueCacheCursor>();
        for (var inbox = 0; inbox < Inboxes; inbox++)
        {
            Assert.False(_cache.IsUnderPressure());
            var stream = StreamId.Create("letters", $"t{inbox}");
            cursors.Add(_cache.GetCacheCursor(stream, null));
            for (var count = 0; count < FrameCache.MaxBatchesPerInbox; count++) _cache.AddToCache([Batch(stream, 1)]);
        }

        Assert.True(_cache.IsUnderPressure());
        Next(cursors[0]);
        Assert.False(_cache.IsUnderPressure());
    }

    private FrameBatch Batch(StreamId inbox, int size) => new(inbox, [new Packet(new byte[size])], ++_number);

#pragma warning disable CS0618 // The other way to move reports cache misses, which this cache does not have.
    private static List<int> Next(IQueueCacheCursor cursor) => cursor.MoveNext()
        ? [.. ((FrameBatch)cursor.GetCurrent(out _)!).GetEvents<Packet>().Select(packet => packet.Item1.Body.Length)]
        : [];
#pragma warning restore CS0618
}
