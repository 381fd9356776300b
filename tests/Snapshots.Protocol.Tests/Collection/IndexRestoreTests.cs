namespace Snapshots.Protocol.Tests;

public sealed class IndexRestoreTests
{
    private const int Shards = 2;
    private static Instant Now => default;

    [Fact]
    public void A_restore_verifies_takes_a_safety_snapshot_stops_closes_commits_and_applies()
    {
        var index = WithSnapshot();
        var restore = Begin(index);
        Verify(index);
        var start = Next<IndexWork.Start>(index);
        Assert.Equal(("safety-1", SnapshotOrigin.Safety, true), (start.Summary.Id.Value, start.Summary.Origin, start.Summary.Pinned));
        index.End(start.Summary with { Status = SnapshotStatus.Completed });
        var closing = Orders(index);
        Assert.All(closing, order => Assert.Equal(new ShardOrder(GateTests.New(1, 1, false), default), order.Wanted));
        Assert.Equal((RestoreStatus.Closing, Epoch.First), (index.Stored.Restores[0].Status, index.Stored.Epoch));

        Done(index, closing[0]);
        Assert.Null(index.TakeWork(Now)); // The other shard has not confirmed.
        Done(index, closing[1]);
        var commit = Assert.IsType<IndexWork.Write>(index.TakeWork(Now));
        Assert.Equal((RestoreStatus.Applying, new Epoch(2)), (commit.Record.Restores[0].Status, commit.Record.Epoch));
        Assert.Null(index.TakeWork(Now)); // Nothing applies before the commit is stored.
        index.Completed(commit, Now);

        var applying = Orders(index);
        Assert.All(applying, order => Assert.Equal(new ShardOrder(GateTests.New(2, 1, true), restore.SourceNumber), order.Wanted));
        foreach (var order in applying) Done(index, order, new(3, 1, 2));
        Write(index);
        var ended = index.FindRestore(restore.Number)!.Summary;
        Assert.Equal((RestoreStatus.Completed, new RestoreCounts(6, 2, 4), new Epoch(2)), (ended.Status, ended.Counts, ended.ToEpoch));
        Assert.Null(index.TakeWork(Now));
    }

    [Fact]
    public void Open_snapshots_are_stopped_and_none_begins_until_the_restore_has_ended()
    {
        var index = WithSnapshot();
        index.Begin(Request("open"), 0);
        Write(index);
        Next<IndexWork.Start>(index);
        var restore = Begin(index, takesSafety: false);
        Verify(index);
        var stop = Next<IndexWork.Stop>(index);
        Assert.True(index.IsRestoring);
        Assert.Null(index.Begin(Request("late"), 0));
        Assert.Equal(("open", "restore 1 of snapshot s"), (stop.Summary.Id.Value, stop.Reason));
        Assert.Equal(["snapshot open"], index.FindRestore(restore.Number)!.WaitingFor);
        index.End(stop.Summary with { Status = SnapshotStatus.Aborted, Reason = stop.Reason });
        Finish(index);
        Assert.False(index.IsRestoring);
        var after = index.Begin(Request("after"), 0)!;
        Assert.Equal((4L, new Epoch(2)), (after.Number.Value + 1, after.Epoch)); // Numbers never go back.
        Assert.Equal(new RestoredFrom(new(1), new("s")), after.RestoredFrom);
    }

    [Fact]
    public void A_source_that_does_not_verify_or_a_safety_snapshot_that_fails_aborts_the_restore()
    {
        var index = WithSnapshot();
        Begin(index);
        index.Verified(Next<IndexWork.Verify>(index), "b is missing", Now);
        Write(index);
        Assert.Equal((RestoreStatus.Aborted, "snapshot s cannot be restored: b is missing"), End(index));

        Begin(index);
        Verify(index);
        index.End(Next<IndexWork.Start>(index).Summary with { Status = SnapshotStatus.Aborted, Reason = "a is damaged" });
        Write(index);
        Assert.Equal((RestoreStatus.Aborted, "no safety snapshot could be taken: a is damaged"), End(index));
        Assert.Null(index.TakeWork(Now)); // Nothing was closed, so nothing is opened.
    }

    [Fact]
    public void An_abort_while_it_closes_opens_all_again_and_one_after_the_commit_is_refused()
    {
        var index = WithSnapshot();
        var restore = Begin(index, takesSafety: false);
        Verify(index);
        var closing = Orders(index);
        Done(index, closing[0]);
        Assert.True(index.AbortRestore(restore.Number, "enough", Now));
        Done(index, closing[1]);
        Write(index);
        Assert.Equal((RestoreStatus.Aborted, "enough"), End(index));
        var opening = Orders(index);
        Assert.All(opening, order => Assert.Equal(new ShardOrder(GateTests.New(1, 1, true), default), order.Wanted));
        foreach (var order in opening) Done(index, order);
        Assert.Null(index.TakeWork(Now));
        Assert.True(index.AbortRestore(restore.Number, "again", Now));

        var second = Begin(index, takesSafety: false);
        Verify(index);
        foreach (var order in Orders(index)) Done(index, order);
        Write(index);
        Assert.False(index.AbortRestore(second.Number, "too late", Now));
        Assert.Null(index.AbortRestore(new(9), "no such", Now));
    }

    [Fact]
    public void After_a_loss_it_goes_on_from_what_is_stored()
    {
        var index = WithSnapshot();
        Begin(index, takesSafety: false);
        index = Again(index);
        Verify(index); // A source that was verified in another life is verified again.
        Done(index, Orders(index)[0]);
        index = Again(index);
        foreach (var order in Orders(index)) Done(index, order);
        Write(index);
        index = Again(index);
        Assert.Equal(new Epoch(2), index.Stored.Epoch);
        foreach (var order in Orders(index)) Done(index, order);
        Write(index);
        Assert.Equal(RestoreStatus.Completed, End(index).Status);
    }

    [Fact]
    public void An_answer_that_is_not_of_the_order_does_not_count()
    {
        var index = WithSnapshot();
        Begin(index, takesSafety: false);
        Verify(index);
        var closing = Orders(index);
        Done(index, closing[0]);
        index.Ordered(closing[1], new(GateTests.New(1, 0, true), IsDone: true, default, []), Now);
        index.Ordered(closing[1], new(closing[1].Wanted.Gate, IsDone: false, default, [new("b")]), Now);
        Assert.Null(index.TakeWork(Now));
        Assert.Equal(["b"], index.FindRestore(new(1))!.WaitingFor);
        Assert.NotNull(index.DueAt);
        Assert.IsType<IndexWork.Order>(index.TakeWork(index.DueAt!.Value));
    }

    /// <summary>
    /// (1) A close is under way; (2) the restore is aborted; (3) the close is answered. The shard has to open.
    /// </summary>
    [Fact]
    public void A_late_answer_to_an_earlier_order_does_not_count_for_the_next_one()
    {
        var index = WithSnapshot();
        Begin(index, takesSafety: false);
        Verify(index);
        var closing = Orders(index);
        index.AbortRestore(new(1), "enough", Now);
        Write(index);
        foreach (var order in closing) Done(index, order);
        Assert.All(Orders(index), order => Assert.True(order.Wanted.Gate.IsOpen));
    }

    /// <summary>
    /// (1) A restore is aborted while it closes, and a shard has not heard; (2) the next one is aborted before it closes
    /// anything. The shard has to open, else its processes stay closed for ever.
    /// </summary>
    [Fact]
    public void A_restore_that_has_closed_nothing_does_not_hide_that_an_earlier_one_is_undone()
    {
        var index = WithSnapshot();
        Begin(index, takesSafety: false);
        Verify(index);
        foreach (var order in Orders(index)) Done(index, order);
        index.AbortRestore(new(1), "enough", Now);
        Write(index);
        var opening = Orders(index);
        Done(index, opening[0]);
        var second = Begin(index, takesSafety: false);
        index.AbortRestore(second.Number, "enough", Now);
        Write(index);
        Assert.Equal(RestoreStatus.Aborted, End(index).Status);
        index.Failed(opening[1], Now);
        var again = Assert.IsType<IndexWork.Order>(index.TakeWork(index.DueAt!.Value));
        Assert.Equal((opening[1].Shard, opening[1].Wanted), (again.Shard, again.Wanted));
    }

    [Fact]
    public void The_new_epoch_is_above_the_own_one_and_that_of_the_source()
    {
        var index = WithSnapshot(epoch: 5);
        Begin(index, takesSafety: false);
        Finish(index);
        Assert.Equal(new Epoch(6), index.Stored.Epoch);
    }

    [Fact]
    public void A_second_restore_waits_for_the_first_and_is_of_its_epoch()
    {
        var index = WithSnapshot();
        Begin(index, takesSafety: false);
        var second = Begin(index, takesSafety: false);
        Assert.Equal(["restore 1"], index.FindRestore(second.Number)!.WaitingFor);
        Finish(index);
        Finish(index);
        var ended = index.FindRestore(second.Number)!.Summary;
        Assert.Equal((RestoreStatus.Completed, new Epoch(2), new Epoch(3)), (ended.Status, ended.FromEpoch, ended.ToEpoch));
    }

    [Fact]
    public void The_source_and_the_safety_snapshot_of_the_last_restore_cannot_be_removed()
    {
        var index = WithSnapshot();
        Begin(index, takesSafety: false);
        Assert.False(index.Remove(new("s")));
        Finish(index);
        Assert.False(index.Remove(new("s")));
    }

    [Fact]
    public void The_source_of_the_last_restore_is_kept_above_any_number()
    {
        var index = WithSnapshot();
        Begin(index, takesSafety: false);
        Finish(index);
        for (var number = 0; number < 9; number++)
        {
            var begun = index.Begin(Request($"s-{number}"), 0)!;
            index.End(begun with { Status = SnapshotStatus.Completed, EndedAtMs = 0 });
            Write(index);
        }

        Assert.Equal((8, "s"), (index.Stored.Snapshots.Length, index.Stored.Snapshots[0].Id.Value));
    }

    [Fact]
    public void Only_a_completed_snapshot_is_restored_and_only_eight_restores_wait()
    {
        var index = WithSnapshot();
        index.Begin(Request("running"), 0);
        Assert.Null(index.BeginRestore(new(new("running"), string.Empty, TakesSafety: true), 0));
        Assert.Null(index.BeginRestore(new(new("none"), string.Empty, TakesSafety: true), 0));
        Assert.Throws<ArgumentException>(() => index.BeginRestore(new(new("s"), new('x', 257), TakesSafety: true), 0));
        for (var count = 0; count < 8; count++) Assert.NotNull(index.BeginRestore(new(new("s"), string.Empty, TakesSafety: true), 0));
        Assert.Null(index.BeginRestore(new(new("s"), string.Empty, TakesSafety: true), 0));
    }

    private static SnapshotIndex WithSnapshot(long epoch = 1)
    {
        var source = SnapshotSummary.Begin(Request("s"), new(1), new(epoch), 0) with { Status = SnapshotStatus.Completed };
        return New(IndexRecord.Empty with { Highest = new(1), Snapshots = [source] });
    }

    private static SnapshotIndex New(IndexRecord record)
    {
        var index = new SnapshotIndex(record, maxOpen: 8, keep: 8, CollectionPace.Default, Shards, Now);
        Write(index);
        return index;
    }

    private static SnapshotIndex Again(SnapshotIndex index) => New(index.Stored);

    private static SnapshotRequest Request(string id) => new(new(id), default, TimeSpan.FromSeconds(30));

    private static RestoreSummary Begin(SnapshotIndex index, bool takesSafety = true)
    {
        var restore = index.BeginRestore(new(new("s"), "a test", takesSafety), 7)!;
        Write(index);
        return restore;
    }

    private static (RestoreStatus Status, string Failure) End(SnapshotIndex index) =>
        (index.Stored.Restores[^1].Status, index.Stored.Restores[^1].Failure);

    private static void Write(SnapshotIndex index) => index.Completed(Assert.IsType<IndexWork.Write>(index.TakeWork(Now)), Now);

    private static void Verify(SnapshotIndex index) => index.Verified(Next<IndexWork.Verify>(index), null, Now);

    /// <summary>The next call of that kind, with all writes before it.</summary>
    private static TWork Next<TWork>(SnapshotIndex index)
        where TWork : IndexWork
    {
        while (true)
        {
            var work = index.TakeWork(Now);
            if (work is TWork wanted) return wanted;
            index.Completed(Assert.IsType<IndexWork.Write>(work), Now);
        }
    }

    private static List<IndexWork.Order> Orders(SnapshotIndex index) =>
        [.. Enumerable.Range(0, Shards).Select(_ => Next<IndexWork.Order>(index))];

    private static void Done(SnapshotIndex index, IndexWork.Order order, RestoreCounts counts = default) =>
        index.Ordered(order, new(order.Wanted.Gate, IsDone: true, counts, []), Now);

    private static void Finish(SnapshotIndex index)
    {
        if (index.Stored.Restores.First(each => each.IsRunning).Status == RestoreStatus.Preparing && !index.IsRestoring) Verify(index);
        foreach (var order in Orders(index)) Done(index, order);
        foreach (var order in Orders(index)) Done(index, order);
        Write(index);
    }
}
