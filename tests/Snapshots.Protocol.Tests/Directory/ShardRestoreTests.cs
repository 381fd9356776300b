namespace Snapshots.Protocol.Tests;

public sealed class ShardRestoreTests
{
    private static readonly Instant Now = Given.Start;
    private static readonly SnapshotNumber Source = new(5);

    private readonly ShardUnderTest _shard = ShardUnderTest.New();

    private static ProcessId A { get; } = ShardUnderTest.Member(0);

    private static ProcessId B { get; } = ShardUnderTest.Member(1);

    private static ProcessId C { get; } = ShardUnderTest.Member(2);

    [Fact]
    public void A_close_is_stored_before_members_are_named_and_names_those_that_are_stored_then()
    {
        Register(A);
        _shard.It.Register(B, "letter"); // Not stored yet.
        _shard.It.Obey(Close(1));
        Assert.False(_shard.It.Admits(A));
        var write = _shard.Take<WriteShardWork>();
        Assert.Equal((Close(1).Gate, 2), (write.Head?.Gate, write.Processes));
        Assert.Null(_shard.It.TakeWork(Now));
        _shard.Complete(write);
        Assert.Equal([A, B], TakeMembers().Select(work => work.Process));
    }

    [Fact]
    public void A_closed_shard_takes_no_newcomer_also_when_it_starts_again()
    {
        Register(A);
        _shard.It.Obey(Close(1));
        Assert.Null(_shard.It.Register(B, "letter"));
        _shard.TakeAndComplete();
        var next = _shard.Next().Opened();
        Assert.Null(next.It.Register(B, "letter"));
        Assert.Equal(Close(1).Gate, next.It.Gate);
        Assert.True(next.It.IsRegistered(A));
    }

    [Fact]
    public void It_is_done_when_every_member_has_confirmed_and_repeats_what_was_not_reached()
    {
        Register(A, B);
        _shard.It.Obey(Close(1));
        _shard.TakeAndComplete();
        var works = TakeMembers();
        _shard.It.Completed(works[0], default, Now);
        Assert.False(_shard.It.Standing.IsDone);
        _shard.It.Failed(works[1], "not reached", Now);
        Assert.Equal([B], _shard.It.Standing.WaitingFor);
        var again = Assert.Single(TakeMembers(_shard.It.DueAt));
        _shard.It.Completed(again, default, Now);
        Assert.Equal((Close(1).Gate, true), (_shard.It.Standing.Gate, _shard.It.Standing.IsDone));
    }

    /// <summary>
    /// (1) Epoch 2 is committed, and the order of it is repeated; (2) restore 2 closes the shard; (3) the late order
    /// comes. The shard must not open: a newcomer would act, unlisted, in an epoch that is about to end.
    /// </summary>
    [Fact]
    public void A_late_order_opens_nothing()
    {
        Register(A);
        _shard.It.Obey(Close(1));
        _shard.TakeAndComplete();
        Restore(1, 2, A);
        _shard.It.Obey(Close(2, epoch: 2));
        _shard.TakeAndComplete();
        _shard.It.Obey(Apply(1, 2));
        _shard.It.Obey(Open(1));
        Assert.Equal(Close(2, epoch: 2).Gate, _shard.It.Gate);
        Assert.False(_shard.It.Admits(A));
    }

    /// <summary>The stored gate is all that an activation knows of the orders before.</summary>
    [Fact]
    public void A_late_order_opens_nothing_in_the_next_activation_either()
    {
        Register(A);
        _shard.It.Obey(Close(2, epoch: 2));
        _shard.TakeAndComplete();
        var next = _shard.Next().Opened();
        next.It.Obey(Apply(1, 2));
        Assert.Null(next.It.TakeWork(Now));
        next.It.Obey(Open(1));
        Assert.Null(next.It.TakeWork(Now));
        Assert.Equal(Close(2, epoch: 2).Gate, next.It.Gate);
    }

    /// <summary>What was read is of the source of an order that is over.</summary>
    [Fact]
    public void A_source_that_was_read_for_an_earlier_order_is_dropped()
    {
        _shard.It.Obey(Close(1));
        _shard.TakeAndComplete();
        _shard.It.Obey(Apply(1, 2));
        var read = _shard.Take<ReadSourceWork>();
        _shard.It.Obey(Apply(2, 3) with { Source = new(6) });
        _shard.It.Completed(read, "letter", [A]);
        Assert.False(_shard.It.IsRegistered(A));
        Assert.Equal(new SnapshotNumber(6), _shard.Take<ReadSourceWork>().Source);
    }

    [Fact]
    public void An_abort_opens_the_shard_and_tells_all_members()
    {
        Register(A);
        _shard.It.Obey(Close(1));
        _shard.TakeAndComplete();
        _shard.It.Obey(Open(1));
        Assert.Equal(Open(1).Gate, _shard.TakeAndComplete().Head?.Gate);
        Assert.Equal([Open(1)], TakeMembers().Select(work => work.Order).Distinct());
        Assert.NotNull(_shard.It.Register(B, "letter"));
    }

    [Fact]
    public void A_shard_moves_once_it_has_read_the_source_and_registers_what_it_does_not_know()
    {
        Register(A, B);
        _shard.It.Obey(Close(1));
        _shard.TakeAndComplete();
        TakeMembers();
        _shard.It.Obey(Apply(1, 2));
        var read = _shard.Take<ReadSourceWork>();
        Assert.Equal(Source, read.Source);
        Assert.Equal(Close(1).Gate, _shard.It.Gate);
        _shard.It.Completed(read, "letter", [C, A]);
        var write = _shard.TakeAndComplete();
        Assert.Equal(new ShardHead(Apply(1, 2).Gate, 3, IsApplying: true, default) { Closed = 2 }, write.Head);

        // In the order of the source, then the others; C is known by the source alone, and had nothing to close.
        Assert.Equal([(C, false), (A, true), (B, true)], TakeMembers().Select(work => (work.Process, work.WasClosed)));
        Assert.True(_shard.It.IsRegistered(C));
    }

    /// <summary>
    /// A process that was registered before the epoch waits for its part; one that registers in it has none.
    /// </summary>
    [Fact]
    public void A_newcomer_of_the_new_epoch_needs_no_part_and_one_of_before_waits_for_it()
    {
        Register(A);
        _shard.It.Obey(Close(1));
        _shard.TakeAndComplete();
        Move(1, 2, A);
        Assert.False(_shard.It.Admits(A));
        Assert.Null(_shard.It.Register(A, "letter"));
        Assert.NotNull(_shard.It.Register(B, "letter"));
        var part = Assert.Single(TakeMembersAfterWrites());
        _shard.It.Completed(part, new(1, 0, 2), Now);
        Assert.False(_shard.It.Standing.IsDone); // That is not stored.
        _shard.Run();
        Assert.Equal((true, new RestoreCounts(1, 0, 2)), (_shard.It.Standing.IsDone, _shard.It.Standing.Counts));
        Assert.NotNull(_shard.It.Register(A, "letter"));
    }

    [Fact]
    public void A_shard_that_starts_again_after_it_has_moved_applies_the_rest_and_after_it_is_done_nothing()
    {
        Register(A);
        _shard.It.Obey(Close(1));
        _shard.TakeAndComplete();
        Move(1, 2, A);
        var next = _shard.Next().Opened();
        Assert.False(next.It.Admits(A));
        next.It.Obey(Apply(1, 2));
        next.It.Completed(next.Take<ReadSourceWork>(), "letter", [A]);
        next.It.Completed(Assert.IsType<MemberWork>(next.It.TakeWork(Now)), new(1, 0, 0), Now);
        next.Run();
        var last = next.Next().Opened();
        last.It.Obey(Apply(1, 2));
        Assert.Equal((true, new RestoreCounts(1, 0, 0)), (last.It.Standing.IsDone, last.It.Standing.Counts));
        Assert.Null(last.It.TakeWork(Now));
    }

    /// <summary>
    /// (1) A shard registers what only the source knows; (2) it is lost before its head is stored. The next activation must
    /// not take those for processes that have closed.
    /// </summary>
    [Fact]
    public void An_activation_that_begins_while_the_shard_moves_knows_who_has_closed()
    {
        Register(A);
        _shard.It.Obey(Close(1));
        _shard.TakeAndComplete();
        var closed = _shard.Head;
        Move(1, 2, A, C);
        var next = _shard.Next(closed).Opened();
        next.It.Obey(Apply(1, 2));
        next.It.Completed(next.Take<ReadSourceWork>(), "letter", [A, C]);
        next.TakeAndComplete();
        Assert.Equal(new MemberWork(A, Apply(1, 2), WasClosed: true), next.Take<MemberWork>());
        Assert.Equal(new MemberWork(C, Apply(1, 2)), next.Take<MemberWork>());
    }

    [Fact]
    public void A_source_that_cannot_be_read_is_read_again_and_one_with_strangers_is_refused()
    {
        _shard.It.Obey(Close(1));
        _shard.TakeAndComplete();
        _shard.It.Obey(Apply(1, 2));
        _shard.It.Failed(_shard.Take<ReadSourceWork>(), "no answer", Now);
        Assert.Null(_shard.It.TakeWork(Now));
        var read = Assert.IsType<ReadSourceWork>(_shard.It.TakeWork(_shard.It.DueAt!.Value));
        var stranger = Enumerable.Range(0, 40).Select(number => new ProcessId($"p{number}")).First(
            process => ShardUnderTest.Partition.PartOf(process) != ShardUnderTest.Shard);
        Assert.Throws<ArgumentException>(() => _shard.It.Completed(read, "letter", [stranger]));
        _shard.It.Completed(read, "letter", []);
        Assert.Equal(Apply(1, 2).Gate, _shard.TakeAndComplete().Head?.Gate);
    }

    private static ShardOrder Close(long restore, long epoch = 1) => new(GateTests.New(epoch, restore, false), default);

    private static ShardOrder Open(long restore) => new(GateTests.New(1, restore, true), default);

    private static ShardOrder Apply(long restore, long epoch) => new(GateTests.New(epoch, restore, true), Source);

    private void Register(params ProcessId[] processes)
    {
        foreach (var process in processes) _shard.It.Register(process, "letter");
        _shard.Run();
    }

    private void Move(long restore, long epoch, params ProcessId[] source)
    {
        _shard.It.Obey(Apply(restore, epoch));
        _shard.It.Completed(_shard.Take<ReadSourceWork>(), "letter", [.. source]);
        _shard.TakeAndComplete();
    }

    private void Restore(long restore, long epoch, params ProcessId[] source)
    {
        Move(restore, epoch, source);
        foreach (var work in TakeMembers()) _shard.It.Completed(work, new(1, 0, 0), Now);
        _shard.Run();
    }

    private List<MemberWork> TakeMembersAfterWrites()
    {
        _shard.TakeAndComplete();
        return TakeMembers();
    }

    private List<MemberWork> TakeMembers(Instant? now = null)
    {
        var works = new List<MemberWork>();
        while (_shard.It.TakeWork(now ?? Now) is { } work) works.Add(Assert.IsType<MemberWork>(work));
        return works;
    }
}
