namespace Snapshots.Protocol.Tests;

public sealed class DirectoryShardTests
{
    private static readonly Instant Now = Given.Start;

    private readonly ShardUnderTest _shard = ShardUnderTest.New();

    private static ProcessId A { get; } = ShardUnderTest.Member(0);

    private static ProcessId B { get; } = ShardUnderTest.Member(1);

    /// <summary>An earlier activation that was cut off may have a write of any of these rows to come.</summary>
    /// <summary>
    /// (1) A process registers at the next activation; (2) all of it is lost; (3) it asks this one, which is stale. If it
    /// were called unknown, it would begin again with nothing.
    /// </summary>
    [Fact]
    public void A_stale_activation_does_not_say_that_a_process_is_not_registered()
    {
        Assert.False(_shard.It.IsRegistered(A));
        var verified = _shard.It.Verify();
        var verify = _shard.Take<VerifyShardWork>();
        Assert.True(_shard.It.VerifiedMarks < verified);
        _shard.It.Completed(verify, isCurrent: false);
        Assert.True(_shard.It.VerifiedMarks < verified);
        Assert.NotNull(_shard.It.Failure);
    }

    [Fact]
    public void An_activation_begins_with_a_write_of_the_page_that_is_being_filled_and_of_every_row_of_the_registry()
    {
        var shard = new ShardUnderTest();
        Assert.Null(shard.It.Register(A, "letter")); // Its gate is not known.
        shard.It.Note(new(A, new(1), IsPending: true));
        var write = shard.Take<WriteShardWork>();
        Assert.Equal([0], write.Pages.Select(page => page.Number));
        Assert.Equal(Enumerable.Range(0, DirectoryShard.RegistryRows), write.Rows.Select(row => row.Number));
        Assert.Null(shard.It.TakeWork(Now));
        Assert.False(shard.It.HasBegun);
        shard.Complete(write);
        shard.It.Completed(shard.Take<ReadRestsWork>(), shard.Rests);

        var ask = shard.Take<AskIndexWork>();
        Assert.False(shard.It.HasBegun);
        shard.It.Completed(ask, new Epoch(3), Given.Announcement(7, 6));
        Assert.False(shard.It.HasBegun);
        Assert.Equal(Gate.Of(new(3)), shard.TakeAndComplete().Head?.Gate);
        Assert.Equal((true, new Epoch(3)), (shard.It.HasBegun, shard.It.Gate.Epoch));
        Assert.Equal(Given.Announcement(7, 6), shard.It.Announcement);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(128, 1, 0)]
    [InlineData(130, 1, 2)]
    public void The_next_activation_writes_the_last_page_again(int registered, int page, int processes)
    {
        for (var number = 0; number < registered; number++) _shard.It.Register(ShardUnderTest.Member(number), "letter");
        _shard.Run();
        var fence = _shard.Next().Take<WriteShardWork>();
        var (last, content) = Assert.Single(fence.Pages);
        Assert.Equal((page, processes), (last, content.Processes.Length));
    }

    [Fact]
    public void A_shard_counts_the_processes_that_messages_have_brought_into_being_also_in_its_next_activation()
    {
        for (var number = 0; number < 130; number++)
            _shard.It.Register(ShardUnderTest.Member(number), "letter", isByMessage: number is 5 or 129);
        _shard.It.Register(ShardUnderTest.Member(130), "letter");
        _shard.It.Register(ShardUnderTest.Member(130), "letter", isByMessage: true); // It is registered already.
        _shard.Run();
        foreach (var shard in new[] { _shard, _shard.Next() })
        {
            Assert.True(shard.It.IsReachable(ShardUnderTest.Member(131), max: 3));
            Assert.False(shard.It.IsReachable(ShardUnderTest.Member(131), max: 2));
            Assert.True(shard.It.IsReachable(ShardUnderTest.Member(7), max: 0));
        }
    }

    [Fact]
    public void A_registration_is_answered_once_it_is_stored()
    {
        var registrations = _shard.It.Register(A, "letter");
        var write = _shard.Take<WriteShardWork>();
        var later = _shard.It.Register(B, "letter");
        Assert.False(_shard.It.StoredProcesses >= registrations || _shard.It.IsRegistered(A));
        Assert.Empty(_shard.It.List(0, 10));

        _shard.Complete(write);
        Assert.True(_shard.It.StoredProcesses >= registrations && _shard.It.IsRegistered(A));
        Assert.Equal([A], _shard.It.List(0, 10));
        Assert.False(_shard.It.StoredProcesses >= later || _shard.It.IsRegistered(B));

        _shard.Run();
        Assert.Equal([A, B], _shard.It.List(0, 10));
        Assert.Equal([B], _shard.It.List(1, 10));
        Assert.Equal([A], _shard.It.List(0, 1));
        Assert.Empty(_shard.It.List(2, 1));
    }

    [Fact]
    public void To_register_again_writes_nothing_and_waits_for_the_first_time()
    {
        var first = _shard.It.Register(A, "letter");
        var write = _shard.Take<WriteShardWork>();
        Assert.Equal(first, _shard.It.Register(A, "letter"));
        Assert.False(_shard.It.StoredProcesses >= first);
        _shard.Complete(write);
        Assert.Null(_shard.It.TakeWork(Now));
    }

    [Fact]
    public void Pages_are_rewritten_only_while_they_fill()
    {
        for (var number = 0; number < 128; number++) _shard.It.Register(ShardUnderTest.Member(number), "letter");
        Assert.Equal([0], _shard.TakeAndComplete().Pages.Select(page => page.Number));
        _shard.It.Register(ShardUnderTest.Member(128), "letter");
        Assert.Equal([1], _shard.TakeAndComplete().Pages.Select(page => page.Number));
        _shard.It.Register(ShardUnderTest.Member(129), "letter");
        var (last, page) = Assert.Single(_shard.TakeAndComplete().Pages);
        Assert.Equal((1, 2), (last, page.Processes.Length));
        Assert.Equal(130, _shard.Next().Opened().It.List(0, 1000).Length);
    }

    [Fact]
    public void A_process_of_another_shard_is_refused_and_nothing_changes()
    {
        var stranger = new ProcessId("stranger");
        Assert.NotEqual(ShardUnderTest.Shard, ShardUnderTest.Partition.PartOf(stranger));
        var exception = Assert.Throws<ArgumentException>(() => _shard.It.Register(stranger, "letter"));
        Assert.Contains("stranger belongs to directory shard", exception.Message, StringComparison.Ordinal);
        Assert.Null(_shard.It.TakeWork(Now));
    }

    [Fact]
    public void A_process_of_another_kind_is_refused_also_by_the_next_activation()
    {
        _shard.It.Register(A, "letter");
        _shard.Run();
        Assert.Throws<ArgumentException>(() => _shard.It.Register(B, "other"));
        Assert.Null(_shard.It.TakeWork(Now));
        var next = _shard.Next().Opened();
        Assert.Throws<ArgumentException>(() => next.It.Register(B, "other"));
        Assert.Equal(("letter", 1), (next.It.Kind, next.It.StoredProcesses));
    }

    [Fact]
    public void A_mark_is_answered_once_the_rows_are_as_this_activation_knows_them()
    {
        var mark = _shard.It.Mark(Given.Announcement(1, 1));
        Assert.Equal(Given.Announcement(1, 1), _shard.It.Announcement); // A newcomer is told from now on.
        Assert.True(_shard.It.VerifiedMarks < mark);
        var verify = _shard.Take<VerifyShardWork>();
        var later = _shard.It.Mark(Given.Announcement(2, 1, 2)); // The row may have been read before this.
        Assert.Null(_shard.It.TakeWork(Now));
        _shard.It.Completed(verify, isCurrent: true);
        Assert.True(_shard.It.VerifiedMarks >= mark && _shard.It.VerifiedMarks < later);
        _shard.It.Completed(_shard.Take<VerifyShardWork>(), isCurrent: true);
        Assert.True(_shard.It.VerifiedMarks >= later);
        Assert.Null(_shard.It.TakeWork(Now));
    }

    [Fact]
    public void A_row_is_not_written_while_it_is_verified_nor_verified_while_it_is_written()
    {
        _shard.It.Register(A, "letter");
        var write = _shard.Take<WriteShardWork>();
        _shard.It.Mark(SnapshotAnnouncement.None);
        Assert.Null(_shard.It.TakeWork(Now));
        _shard.Complete(write);
        var verify = _shard.Take<VerifyShardWork>();
        _shard.It.Register(B, "letter");
        Assert.Null(_shard.It.TakeWork(Now));
        _shard.It.Completed(verify, isCurrent: true);
        _shard.Take<WriteShardWork>();
    }

    [Fact]
    public void A_stale_activation_answers_no_mark_and_is_over()
    {
        var mark = _shard.It.Mark(SnapshotAnnouncement.None);
        _shard.It.Completed(_shard.Take<VerifyShardWork>(), isCurrent: false);
        Assert.True(_shard.It.VerifiedMarks < mark);
        Assert.StartsWith("stale activation", _shard.It.Failure, StringComparison.Ordinal);
        AssertOver();
    }

    [Fact]
    public void A_note_is_answered_once_it_is_stored_and_rewrites_one_row()
    {
        var note = Note(A, 1);
        var write = _shard.Take<WriteShardWork>();
        Assert.Empty(write.Pages);
        Assert.Equal((A, new WorkToken(1)), Assert.Single(Assert.Single(write.Rows).Row.Tokens));
        Assert.True(_shard.It.DurableNotes < note);
        _shard.Complete(write);
        Assert.Equal(note, _shard.It.DurableNotes);
    }

    [Fact]
    public void A_token_takes_the_place_of_another_one_and_the_late_release_of_that_is_ignored()
    {
        Note(A, 1);
        _shard.Run();
        Note(A, 2);
        _shard.Run();
        Assert.Equal(_shard.It.DurableNotes, Note(A, 1, isPending: false));
        Assert.Null(_shard.It.TakeWork(Now));
        Assert.Equal([(A, new WorkToken(2))], _shard.Registry);
        Note(A, 2, isPending: false);
        _shard.Run();
        Assert.Empty(_shard.Registry);
    }

    /// <summary>The first note may be writing just this, and its write may fail.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_repeated_note_waits_for_the_write_under_way(bool isPending)
    {
        if (!isPending)
        {
            Note(A, 1);
            _shard.Run();
        }

        var first = Note(A, 1, isPending);
        var write = _shard.Take<WriteShardWork>();
        var second = Note(A, 1, isPending);
        Assert.True(_shard.It.DurableNotes < second);
        _shard.Complete(write);
        Assert.Equal((first, first), (second, _shard.It.DurableNotes));
        Assert.Null(_shard.It.TakeWork(Now));
    }

    [Fact]
    public void Notes_that_come_during_a_write_are_not_taken_for_written()
    {
        var first = Note(A, 1);
        var write = _shard.Take<WriteShardWork>();
        var second = Note(A, 2);
        _shard.Complete(write);
        Assert.Equal(first, _shard.It.DurableNotes);
        _shard.Run();
        Assert.Equal(second, _shard.It.DurableNotes);
        Assert.Equal([(A, new WorkToken(2))], _shard.Registry);
    }

    [Fact]
    public void The_next_activation_has_the_registry()
    {
        var members = Enumerable.Range(0, 40).Select(ShardUnderTest.Member).ToList();
        foreach (var member in members) Note(member, 7);
        _shard.Run();
        Assert.True(_shard.Rows.Count(row => !row.Value.Tokens.IsEmpty) > 4, "the processes are spread over the rows");
        Assert.Equal(members.Order(), _shard.Next().Opened().Registry.Select(pair => pair.Process).Order());
    }

    [Fact]
    public void A_registry_that_names_more_pages_than_there_are_is_damage()
    {
        _shard.It.Register(A, "letter");
        _shard.Run();
        Note(A, 1);
        _shard.Run();
        var exception = Assert.Throws<FormatException>(() => new DirectoryShard(
            ShardUnderTest.Partition, ShardUnderTest.Shard, [], _shard.Rows, _shard.Head));
        Assert.Equal($"the directory shard {ShardUnderTest.Shard} has 0 pages of 1", exception.Message);
    }

    [Fact]
    public void A_write_that_fails_ends_the_activation()
    {
        var registrations = _shard.It.Register(A, "letter");
        _shard.It.Failed(_shard.Take<WriteShardWork>(), "disk full", Now);
        Assert.Equal("disk full", _shard.It.Failure);
        Assert.False(_shard.It.StoredProcesses >= registrations);
        AssertOver();
    }

    [Fact]
    public void An_index_that_does_not_answer_ends_the_activation()
    {
        var shard = new ShardUnderTest();
        shard.Fence();
        shard.It.Failed(shard.Take<AskIndexWork>(), "timeout", Now);
        Assert.Equal("timeout", shard.It.Failure);
        Assert.False(shard.It.HasBegun);
    }

    private long Note(ProcessId process, long token, bool isPending = true) =>
        _shard.It.Note(new(process, new(token), isPending));

    private void AssertOver()
    {
        Note(B, 1);
        _shard.It.WakeAll(1, Now);
        Assert.Null(_shard.It.TakeWork(new(1_000_000)));
        Assert.Null(_shard.It.DueAt);
    }
}
