namespace Snapshots.Protocol.Tests;

public sealed class SnapshotIndexTests
{
    private static readonly CollectionPace Pace = CollectionPace.Default;

    [Fact]
    public void A_number_is_announced_and_its_collector_called_only_when_it_is_stored()
    {
        var index = Index();
        var summary = Begin(index, "s-1");
        Assert.Equal((2L, 1L), (index.Revision, index.DurableRevision));
        Assert.Equal(SnapshotAnnouncement.None, index.Announcement);
        Assert.Null(index.Find(summary.Id));
        var write = Assert.IsType<IndexWork.Write>(index.TakeWork(default));
        Assert.Null(index.TakeWork(default)); // One write at a time, and nothing before it is done.
        index.Completed(write, default);
        Assert.Equal(2, index.DurableRevision);
        Assert.Equal([summary.Number], index.Announcement.Open);
        Assert.Equal(summary, index.Find(summary.Id));
        Assert.Equal(summary, Assert.IsType<IndexWork.Start>(index.TakeWork(default)).Summary);
    }

    [Fact]
    public void The_same_id_is_the_same_snapshot_also_while_it_is_being_written()
    {
        var index = Index();
        var first = Begin(index, "s-1");
        var write = index.TakeWork(default)!;
        Assert.Equal(first, Begin(index, "s-1"));
        index.Completed(write, default);
        Assert.Equal(first, Begin(index, "s-1"));
        Assert.Equal(2, index.Revision);
    }

    [Fact]
    public void What_comes_during_a_write_joins_the_next_one()
    {
        var index = Index();
        Begin(index, "s-1");
        var first = index.TakeWork(default)!;
        Begin(index, "s-2");
        Begin(index, "s-3");
        index.Completed(first, default);
        Assert.Equal((4L, 2L), (index.Revision, index.DurableRevision));
        var second = Assert.IsType<IndexWork.Write>(index.TakeWork(default));
        Assert.Equal(3, second.Record.Snapshots.Length);
        index.Completed(second, default);
        Assert.Equal(4, index.DurableRevision);
    }

    [Fact]
    public void A_write_that_fails_ends_the_machine_and_its_change_was_never_shown()
    {
        var index = Index();
        Begin(index, "s-1");
        index.Failed(index.TakeWork(default)!, default);
        Assert.True(index.IsOver);
        Assert.Null(index.TakeWork(default));
        Assert.Null(index.DueAt);
        Assert.Equal(SnapshotAnnouncement.None, index.Announcement);
        Assert.Throws<InvalidOperationException>(() => Begin(index, "s-2"));
        Assert.Throws<InvalidOperationException>(() => index.Remove(new("s-1")));
    }

    /// <summary>The write may take effect later: the next life writes first, so that it cannot.</summary>
    [Fact]
    public void A_life_that_starts_from_a_record_writes_it_once_before_anything_else()
    {
        var record = Stored(Index(), "s-1");
        var index = Index(record);
        Assert.Equal(record, Assert.IsType<IndexWork.Write>(index.TakeWork(default)).Record);
        Assert.IsType<IndexWork.Start>(index.TakeWork(default)); // What is open is supervised at once: that harms nothing.
    }

    /// <summary>
    /// (1) The first snapshot of all begins; (2) its machine is lost while the write is under way; (3) the next one reads
    /// nothing; (4) the write takes effect. Number 1 would be open, and nothing would supervise it until the next write.
    /// </summary>
    [Fact]
    public void A_life_that_starts_from_nothing_writes_that_before_anything_else()
    {
        var index = new SnapshotIndex(null, maxOpen: 8, keep: 8, Pace, shards: 2, default);
        Assert.Equal(IndexRecord.Empty, Assert.IsType<IndexWork.Write>(index.TakeWork(default)).Record);
        Assert.NotEqual(index.Revision, index.DurableRevision);
    }

    [Fact]
    public void A_collector_that_does_not_answer_keeps_no_other_from_being_called_again()
    {
        var index = Index(Stored(Index(), "s-1", "s-2"));
        index.Completed(index.TakeWork(default)!, default);
        var (deaf, other) = (index.TakeWork(default)!, index.TakeWork(default)!);
        Assert.Null(index.TakeWork(default));
        Assert.Null(index.DueAt); // Both are being called.
        index.Completed(other, new(5));
        Assert.Equal(new Instant(5 + Pace.SuperviseMs), index.DueAt);
        Assert.Null(index.TakeWork(new(4 + Pace.SuperviseMs)));
        Assert.Equal(other, index.TakeWork(index.DueAt!.Value));
        Begin(index, "s-3");
        Assert.IsType<IndexWork.Write>(index.TakeWork(default));
        index.Failed(deaf, new(30_000));
        Assert.Equal(deaf, index.TakeWork(new(30_000 + Pace.SuperviseMs)));
    }

    [Fact]
    public void An_end_is_taken_once_and_no_longer_supervised()
    {
        var index = Index(Stored(Index(), "s-1"));
        index.Completed(index.TakeWork(default)!, default);
        var start = (IndexWork.Start)index.TakeWork(default)!;
        var ended = start.Summary with { Status = SnapshotStatus.Completed, EndedAtMs = 9 };
        index.End(ended);
        index.End(ended);
        index.End(ended with { Status = SnapshotStatus.Aborted });
        Assert.Equal(2, index.Revision);
        Assert.Single(index.Announcement.Open);
        index.Completed(index.TakeWork(default)!, default);
        Assert.Empty(index.Announcement.Open);
        Assert.Equal(ended, index.Find(ended.Id));
        index.Completed(start, default); // The answer to a call that came late.
        Assert.Null(index.TakeWork(new(60_000)));
        Assert.Null(index.DueAt);
    }

    /// <summary>
    /// Between its stored end and the notice of it, a snapshot cannot be dropped: its number would be open and its rows
    /// gone.
    /// </summary>
    [Fact]
    public void A_snapshot_whose_end_is_not_known_cannot_be_removed()
    {
        var index = Index(Stored(Index(), "s-1"));
        Assert.False(index.Remove(new("s-1")));
        Assert.False(index.Remove(new("s-2")));
        Assert.Equal(1, index.Revision);
    }

    [Fact]
    public void What_is_dropped_is_deleted_until_nothing_is_left_and_noted_with_the_next_write()
    {
        var index = Index(End(Index(Stored(Index(), "s-1"))));
        index.Completed(index.TakeWork(default)!, default);
        Assert.True(index.Remove(new("s-1")));
        Assert.NotNull(index.Find(new("s-1")));
        index.Completed(index.TakeWork(default)!, default);
        Assert.Null(index.Find(new("s-1")));
        Assert.Equal([new SnapshotNumber(1)], index.Stored.Dropped);
        var delete = index.TakeWork(default)!;
        Assert.Equal(new IndexWork.Delete(new(1)), delete);
        index.Failed(delete, default);
        Assert.Equal(delete, index.TakeWork(new(Pace.SuperviseMs)));

        // A crash forgets that it is done: it is done again.
        Assert.Contains(new IndexWork.Delete(new(1)), Works(Index(index.Stored)));
        index.Completed(delete, default);
        Assert.Null(index.DueAt);
        Begin(index, "s-2");
        var write = (IndexWork.Write)index.TakeWork(default)!;
        Assert.Empty(write.Record.Dropped);
        Assert.Equal(new SnapshotNumber(2), write.Record.Highest);
    }

    [Fact]
    public void The_limits_hold_for_open_and_for_kept_snapshots()
    {
        var index = new SnapshotIndex(null, maxOpen: 2, keep: 2, Pace, shards: 2, default);
        Assert.NotNull(index.Begin(Request("a"), 0));
        Assert.NotNull(index.Begin(Request("b"), 0));
        Assert.Null(index.Begin(Request("c"), 0));
        index.Completed(index.TakeWork(default)!, default);
        foreach (var open in index.Stored.Snapshots) index.End(open with { Status = SnapshotStatus.Aborted });
        Assert.NotNull(index.Begin(Request("c"), 0));
        var write = (IndexWork.Write)index.TakeWork(default)!;
        Assert.Equal(["b", "c"], write.Record.Snapshots.Select(each => each.Id.Value));
        Assert.Equal([new SnapshotNumber(1)], write.Record.Dropped);
    }

    [Theory]
    [InlineData(0, "the timeout of snapshot s is 00:00:00: it must be above zero and at most 24 hours")]
    [InlineData(-1, "the timeout of snapshot s is -00:00:00.0000001: it must be above zero and at most 24 hours")]
    [InlineData(long.MaxValue, "the timeout of snapshot s is 10675199.02:48:05.4775807: it must be above zero and at most 24 hours")]
    [InlineData(TimeSpan.TicksPerDay + 1, "the timeout of snapshot s is 1.00:00:00.0000001: it must be above zero and at most 24 hours")]
    public void A_timeout_that_cannot_be_is_refused_and_nothing_changes(long ticks, string message)
    {
        var index = Index();
        var exception = Assert.Throws<ArgumentException>(() => index.Begin(new(new("s"), default, TimeSpan.FromTicks(ticks)), 0));
        Assert.Equal(message, exception.Message);
        Assert.Throws<ArgumentException>(() => index.Begin(new(default, default, TimeSpan.FromSeconds(1)), 0));
        Assert.Equal((1L, false), (index.Revision, index.IsOver));
        Assert.NotNull(index.Begin(new(new("s"), default, SnapshotRequest.MaxTimeout), 0));
    }

    /// <summary>An index that has begun, with its fence.</summary>
    private static SnapshotIndex Index(IndexRecord? stored = null)
    {
        var index = new SnapshotIndex(stored, maxOpen: 8, keep: 8, Pace, shards: 2, default);
        if (stored is null) index.Completed(index.TakeWork(default)!, default);
        return index;
    }

    private static SnapshotRequest Request(string id) => new(new(id), default, TimeSpan.FromSeconds(30));

    private static SnapshotSummary Begin(SnapshotIndex index, string id) => index.Begin(Request(id), 7)!;

    /// <summary>What is stored once these have begun.</summary>
    private static IndexRecord Stored(SnapshotIndex index, params string[] ids)
    {
        foreach (var id in ids) Begin(index, id);
        index.Completed(index.TakeWork(default)!, default);
        return index.Stored;
    }

    /// <summary>What is stored once all have ended.</summary>
    private static IndexRecord End(SnapshotIndex index)
    {
        foreach (var open in index.Stored.Snapshots) index.End(open with { Status = SnapshotStatus.Completed });
        index.Completed(index.TakeWork(default)!, default);
        return index.Stored;
    }

    private static List<IndexWork> Works(SnapshotIndex index)
    {
        var works = new List<IndexWork>();
        while (index.TakeWork(default) is { } work) works.Add(work);
        return works;
    }
}
