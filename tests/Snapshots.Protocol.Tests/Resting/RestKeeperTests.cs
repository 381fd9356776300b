namespace Snapshots.Protocol.Tests;

/// <summary>
/// What a snapshot needs of processes at rest is kept as long as a snapshot refers to it, and copied once. Each test crashes
/// the keeper after each of its steps, and says what is left then.
/// </summary>
public sealed class RestKeeperTests
{
    private readonly SortedDictionary<long, KeptRests> _kept = [];
    private readonly SortedSet<(int Row, long Copy)> _copies = [];
    private KeeperRecord _record = KeeperRecord.Empty;
    private RestKeeper _keeper;
    private SnapshotAnnouncement _ended = SnapshotAnnouncement.None;

    /// <summary>The versions of the rows of the shard; the number of processes at rest.</summary>
    private (ImmutableArray<long> Versions, int AtRest) _shard = ([1, 2], 40);

    public RestKeeperTests() => _keeper = new(_record);

    [Fact]
    public void The_first_snapshot_has_all_rows_copied()
    {
        var kept = Keep(1)!;
        Assert.Equal((1, 40, "a"), (kept.Number, kept.Sums.Processes, kept.First.Value));
        Assert.Equal([new(1, 1), new(2, 1)], kept.Rows);
        Assert.Equal([(0, 1), (1, 1)], _copies);
        Assert.Equal([new(new(1), 1, KeepStatus.Kept, 20)], _record.Keeps);
        Assert.Equal(20, kept.Bytes);
    }

    [Fact]
    public void The_next_one_copies_the_rows_that_have_changed_and_no_others()
    {
        Keep(1);
        _shard.Versions = [1, 3, 4, 0];
        var kept = Keep(2)!;
        Assert.Equal([new(1, 1), new(3, 2), new(4, 2), default], kept.Rows);
        Assert.Equal([(0, 1), (1, 1), (1, 2), (2, 2)], _copies);
        Assert.Equal(20, kept.Bytes);
    }

    [Fact]
    public void A_snapshot_in_which_nobody_is_at_rest_stores_nothing()
    {
        _shard = ([0, 0], 0);
        var kept = Keep(1)!;
        Assert.Equal((0, "p"), (kept.Number, Assert.Single(kept.Awake).Value));
        Assert.Equal((KeeperRecord.Empty, 0, 0), (_record, _kept.Count, _copies.Count));
    }

    /// <summary>A part that was lost asks again: it must not get another answer than the head that it may have written.</summary>
    [Fact]
    public void The_answer_for_a_snapshot_does_not_change_in_the_next_life_either()
    {
        var first = Keep(1)!;
        _shard.Versions = [7, 8];
        Assert.Same(first, Keep(1));
        Crash();
        var again = Keep(1)!;
        Assert.Equal((first.Number, first.Bytes), (again.Number, again.Bytes));
        Assert.Equal(first.Rows, again.Rows);
    }

    /// <summary>Of three snapshots the first, the middle or the last goes first.</summary>
    [Theory]
    [InlineData("123", "0:1 1:2 1:3", "0:1 1:3")]
    [InlineData("213", "0:1 1:1 1:3", "0:1 1:3")]
    [InlineData("321", "0:1 1:1 1:2", "0:1 1:1")]
    public void A_copy_goes_with_the_last_snapshot_that_refers_to_it(string order, string afterFirst, string afterSecond)
    {
        Keep(1);
        _shard.Versions = [1, 3];
        Keep(2);
        _shard.Versions = [1, 4];
        Keep(3);
        Drop(order[0] - '0');
        Assert.Equal(afterFirst, Copies);
        Drop(order[1] - '0');
        Assert.Equal(afterSecond, Copies);
        Drop(order[2] - '0');
        Assert.Equal((string.Empty, 0, 0, 3L), (Copies, _kept.Count, _record.Keeps.Length, _record.Last));
        Drop(1); // Again is harmless.
    }

    /// <summary>Row 0 goes back to nobody, and a version that comes later is copied anew.</summary>
    [Fact]
    public void A_row_that_was_not_in_the_snapshot_before_is_copied_again()
    {
        Keep(1);
        _shard.Versions = [0, 2];
        Keep(2);
        _shard.Versions = [5, 2];
        Keep(3);
        Assert.Equal("0:1 0:3 1:1", Copies);
        Drop(1);
        Assert.Equal("0:3 1:1", Copies);
    }

    [Fact]
    public void Whatever_step_is_the_last_one_of_a_life_the_next_one_keeps_all_and_leaves_nothing_behind()
    {
        for (var steps = 0; ; steps++)
        {
            var test = new RestKeeperTests();
            test.Keep(1);
            test._shard.Versions = [1, 3];
            test._keeper.Keep(new(2), Epoch.First, SnapshotAnnouncement.None);
            var isDone = test.Run(steps);
            var isKept = test._record.Of(new(2)) is { Status: KeepStatus.Kept };
            test.Crash();
            test._shard.Versions = [1, 4];
            var kept = test.Keep(2)!;
            Assert.True(test.IsWhole(kept));
            Assert.Equal(isKept ? 3 : 4, kept.Rows[1].Version);
            test.Drop(1);
            Assert.True(test.IsWhole(kept));
            Assert.Equal(2, test._copies.Count);
            test.Drop(2);
            Assert.Equal((0, 0, 0), (test._copies.Count, test._kept.Count, test._record.Keeps.Length));
            if (isDone) break;
        }
    }

    [Fact]
    public void Whatever_step_of_a_deletion_is_the_last_one_the_next_life_goes_on()
    {
        for (var steps = 0; ; steps++)
        {
            var test = new RestKeeperTests();
            test.Keep(1);
            test._shard.Versions = [1, 3];
            test.Keep(2);
            test._keeper.Drop(new(2));
            var isDone = test.Run(steps);
            test.Crash();
            test._shard.Versions = [1, 3, 5];
            Assert.True(test.IsWhole(test.Keep(3)!));
            test.Drop(2);
            Assert.True(test.IsWhole(test.Keep(1)!));
            Assert.True(test.IsWhole(test.Keep(3)!));
            test.Drop(1);
            test.Drop(3);
            Assert.Equal((0, 0, 0), (test._copies.Count, test._kept.Count, test._record.Keeps.Length));
            if (isDone) break;
        }
    }

    [Fact]
    public void A_shard_that_is_not_reached_gives_no_answer_and_the_next_call_does()
    {
        _keeper.Keep(new(1), Epoch.First, SnapshotAnnouncement.None);
        _keeper.Failed(Assert.IsType<KeeperWork.Mark>(_keeper.TakeWork(default)));
        Assert.Null(_keeper.TakeWork(default));
        Assert.Equal((_keeper.Revision, null, false), (_keeper.DurableRevision, _keeper.Find(new(1)), _keeper.IsOver));
        Assert.NotNull(Keep(1));
    }

    /// <summary>(1) A part asks; (2) the snapshot ends and is dropped; (3) the call arrives. Nobody would drop it again.</summary>
    [Fact]
    public void Nothing_is_kept_for_a_snapshot_that_has_ended()
    {
        Drop(1);
        _ended = Given.Announcement(1);
        Assert.Null(Keep(1));
        Assert.Equal((0, 0, 0), (_record.Keeps.Length, _kept.Count, _copies.Count));
    }

    /// <summary>(1) A life that is cut off keeps; (2) its successor finds nothing to drop; (3) the first one goes on.</summary>
    [Fact]
    public void A_life_that_has_nothing_to_drop_fences_the_earlier_ones_once()
    {
        _keeper.Drop(new(1));
        Assert.Equal(KeeperRecord.Empty, Assert.IsType<KeeperWork.Write>(_keeper.TakeWork(default)).Record);
        _keeper.Completed(new KeeperWork.Write(KeeperRecord.Empty));
        Drop(2);
        _keeper.Drop(new(3));
        Assert.Null(_keeper.TakeWork(default));
        Assert.Equal(_keeper.Revision, _keeper.DurableRevision);
    }

    [Fact]
    public void A_view_that_is_forgotten_while_its_rows_are_copied_leaves_nothing_behind()
    {
        _keeper.Keep(new(1), Epoch.First, SnapshotAnnouncement.None);
        while (_keeper.TakeWork(default) is { } work)
        {
            if (work is KeeperWork.Copy) _keeper.Failed(work);
            else Do(work);
        }

        Assert.Null(_keeper.Find(new(1)));
        var kept = Keep(1)!;
        Assert.Equal(2, kept.Number);
        Assert.Equal("0:2 1:2", Copies);
        Assert.Equal(2, Assert.Single(_kept).Key);
    }

    [Fact]
    public void A_shard_in_another_epoch_gives_no_answer()
    {
        _keeper.Keep(new(1), new(2), SnapshotAnnouncement.None);
        Run(99);
        Assert.Null(_keeper.Find(new(1)));
        Assert.Empty(_copies);
    }

    /// <summary>An operator has removed a damaged row: it begins again, with a lower version.</summary>
    [Fact]
    public void A_row_of_a_lower_version_is_another_row()
    {
        Keep(1);
        _shard.Versions = [1, 1];
        Assert.Equal([new(1, 1), new(1, 2)], Keep(2)!.Rows);
    }

    /// <summary>What nobody reads may be damaged, and would be in every later snapshot.</summary>
    [Fact]
    public void Each_row_is_copied_again_after_a_number_of_snapshots_and_not_all_at_once()
    {
        for (var snapshot = 1; snapshot <= RestKeeper.RowsPerFreshCopy; snapshot++)
        {
            var kept = Keep(snapshot)!;
            Assert.Equal(snapshot == RestKeeper.RowsPerFreshCopy ? 128 : 1, kept.Rows[0].Copy);
            Assert.Equal(snapshot >= RestKeeper.RowsPerFreshCopy - 1 ? 127 : 1, kept.Rows[1].Copy);
        }

        for (var snapshot = 1; snapshot < RestKeeper.RowsPerFreshCopy; snapshot++) Drop(snapshot);
        Assert.Equal("0:128 1:127", Copies);
    }

    [Fact]
    public void A_list_that_is_damaged_before_its_snapshot_has_used_it_is_made_anew()
    {
        Keep(1);
        _kept.Clear();
        Crash();
        var kept = Keep(1)!;
        Assert.Equal(2, kept.Number);
        Assert.True(IsWhole(kept));
        Assert.Equal(2, Assert.Single(_record.Keeps).Number);
    }

    [Fact]
    public void A_write_that_fails_ends_the_life()
    {
        _keeper.Keep(new(1), Epoch.First, SnapshotAnnouncement.None);
        Run(2);
        _keeper.Failed(Assert.IsType<KeeperWork.Write>(_keeper.TakeWork(default)));
        Assert.True(_keeper.IsOver);
        Assert.Null(_keeper.TakeWork(default));
        Assert.Throws<InvalidOperationException>(() => _keeper.Drop(new(1)));
    }

    /// <summary>What a damaged list refers to is not known.</summary>
    [Fact]
    public void With_a_damaged_list_all_is_copied_again_and_none_of_its_copies_is_deleted()
    {
        Keep(1);
        _shard.Versions = [1, 3];
        Keep(2);
        _kept.Remove(2);
        Keep(3);
        Assert.Equal("0:1 0:3 1:1 1:2 1:3", Copies);
        Drop(1);
        Assert.Equal("0:1 0:3 1:1 1:2 1:3", Copies);
    }

    [Fact]
    public void Many_rows_are_copied_and_deleted_some_at_a_time()
    {
        _shard.Versions = [.. Enumerable.Repeat(1L, 150)];
        _keeper.Keep(new(1), Epoch.First, SnapshotAnnouncement.None);
        var sizes = new List<int>();
        while (_keeper.TakeWork(default) is { } work)
        {
            if (work is KeeperWork.Copy copy) sizes.Add(copy.Rows.Length);
            Do(work);
        }

        _keeper.Drop(new(1));
        while (_keeper.TakeWork(default) is { } work)
        {
            if (work is KeeperWork.ClearCopies clear) sizes.Add(clear.Copies.Length);
            Do(work);
        }

        Assert.Equal([.. Enumerable.Repeat(16, 9), 6, 64, 64, 22], sizes);
        Assert.Empty(_copies);
    }

    private string Copies => string.Join(' ', _copies.Select(copy => $"{copy.Row}:{copy.Copy}"));

    private bool IsWhole(KeptRests kept) => kept.Rows.Select((row, number) => (number, row)).All(each => each.row.Copy == 0 || _copies.Contains((each.number, each.row.Copy)));

    private void Crash() => _keeper = new(_record);

    private KeptRests? Keep(long snapshot)
    {
        _keeper.Keep(new(snapshot), Epoch.First, SnapshotAnnouncement.None);
        Run(int.MaxValue);
        return _keeper.Find(new(snapshot));
    }

    private void Drop(long snapshot)
    {
        _keeper.Drop(new(snapshot));
        Run(int.MaxValue);
    }

    /// <summary>Does so many steps; whether these were all.</summary>
    private bool Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            if (_keeper.TakeWork(default) is not { } work) return true;
            Do(work);
        }

        return false;
    }

    private void Do(KeeperWork work)
    {
        switch (work)
        {
            case KeeperWork.Mark:
                ImmutableArray<RestRow?> rows = [.. _shard.Versions.Select(version => version == 0 ? null : new RestRow([]) { Version = version })];
                _keeper.Marked(9, new(Epoch.First, 41, new("a"), [new("p")], new(_shard.AtRest, 0, UInt128.Zero), rows));
                return;
            case KeeperWork.Look:
                _keeper.Looked(_ended);
                return;
            case KeeperWork.Copy copy:
                Assert.Equal(9, copy.View);
                foreach (var row in copy.Rows) Assert.True(_copies.Add((row, copy.Number)));
                _keeper.Copied(10 * copy.Rows.Length);
                return;
            case KeeperWork.ReadKept read:
                _keeper.Read(_kept.GetValueOrDefault(read.Number));
                return;
            case KeeperWork.Write write:
                _record = write.Record;
                break;
            case KeeperWork.WriteKept write:
                _kept.Add(write.Kept.Number, write.Kept);
                break;
            case KeeperWork.ClearCopies clear:
                _copies.ExceptWith(clear.Copies);
                break;
            case KeeperWork.ClearKept clear:
                _kept.Remove(clear.Number);
                break;
            default:
                throw new InvalidOperationException($"{work}");
        }

        _keeper.Completed(work);
    }
}
