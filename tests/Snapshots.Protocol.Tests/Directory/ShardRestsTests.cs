namespace Snapshots.Protocol.Tests;

/// <summary>A shard answers snapshots for processes at rest, and lets none be awake that a snapshot could miss.</summary>
public sealed class ShardRestsTests
{
    private readonly ShardUnderTest _shard = ShardUnderTest.New();

    public ShardRestsTests()
    {
        _shard.It.Register(A, "ledger");
        _shard.It.Register(B, "ledger");
        _shard.TakeAndComplete();
    }

    private static ProcessId A { get; } = ShardUnderTest.Member(0);

    private static ProcessId B { get; } = ShardUnderTest.Member(1);

    [Fact]
    public void A_rest_is_answered_once_it_is_stored_and_its_report_handed_out()
    {
        var changes = Rest(1);
        Assert.True(_shard.It.DurableRests < changes);
        var write = _shard.TakeAndComplete();
        Assert.Equal([A], Assert.Single(write.Rests).Row.Entries.Select(entry => entry.Process));
        Assert.Equal(changes, _shard.It.DurableRests);
        Assert.Equal(Report, ReportOf(A));
        Assert.Null(ReportOf(B));
    }

    [Fact]
    public void The_next_activation_has_it_once_it_has_read_the_rows()
    {
        Rest(1);
        _shard.TakeAndComplete();
        var next = _shard.Next();
        next.Complete(next.Take<WriteShardWork>());
        var read = next.Take<ReadRestsWork>();
        Assert.Equal(1, read.Rows);
        next.It.Completed(next.Take<AskIndexWork>(), Epoch.First, SnapshotAnnouncement.None);
        Assert.False(next.It.HasBegun);
        next.It.Completed(read, next.Rests);
        Assert.True(next.It.HasBegun);
        Assert.Equal(Report, ReportOf(A, next));
    }

    /// <summary>Stored first; then verified; then the index is asked, with a question that begins after that.</summary>
    [Fact]
    public void The_end_of_a_rest_is_answered_when_it_is_stored_and_verified_and_the_index_was_asked_after_that()
    {
        Rest(1);
        _shard.TakeAndComplete();
        var end = _shard.It.Awake(A, Mark(1));
        var write = _shard.Take<WriteShardWork>();
        Assert.Null(_shard.It.TakeWork(Given.Start));
        Assert.NotNull(ReportOf(A)); // It is not answered, and stands as it is stored.
        _shard.Complete(write);
        Assert.Null(ReportOf(A)); // From now on it is asked.
        Assert.Null(Assert.Single(_shard.Rests[0].Entries).Report);
        var verify = _shard.Take<VerifyShardWork>();
        Assert.Null(_shard.It.TakeWork(Given.Start));
        _shard.It.Completed(verify, isCurrent: true);
        var ask = _shard.Take<AskIndexWork>();
        Assert.True(_shard.It.AnsweredAwakes < end);
        _shard.It.Completed(ask, Epoch.First, Given.Announcement(3, 3));
        Assert.Equal(end, _shard.It.AnsweredAwakes);
        Assert.Equal(Given.Announcement(3, 3), _shard.It.Announcement);
    }

    /// <summary>The answer to a question that began before the second end was stored says nothing of that.</summary>
    [Fact]
    public void An_end_that_comes_while_the_index_is_asked_waits_for_the_next_question()
    {
        var first = _shard.It.Awake(A, Mark(1));
        _shard.TakeAndComplete();
        _shard.It.Completed(_shard.Take<VerifyShardWork>(), isCurrent: true);
        var ask = _shard.Take<AskIndexWork>();
        var second = _shard.It.Awake(B, Mark(1));
        _shard.TakeAndComplete();
        _shard.It.Completed(_shard.Take<VerifyShardWork>(), isCurrent: true);
        _shard.It.Completed(ask, Epoch.First, SnapshotAnnouncement.None);
        Assert.Equal(first, _shard.It.AnsweredAwakes);
        _shard.It.Completed(_shard.Take<AskIndexWork>(), Epoch.First, SnapshotAnnouncement.None);
        Assert.Equal(second, _shard.It.AnsweredAwakes);
    }

    [Fact]
    public void A_stale_activation_lets_nobody_be_awake()
    {
        _shard.It.Awake(A, Mark(1));
        _shard.TakeAndComplete();
        _shard.It.Completed(_shard.Take<VerifyShardWork>(), isCurrent: false);
        Assert.NotNull(_shard.It.Failure);
        Assert.Equal(0, _shard.It.AnsweredAwakes);
    }

    /// <summary>(1) A process rests; (2) it is awake; (3) the word of its rest comes again.</summary>
    [Fact]
    public void The_late_word_of_a_rest_that_is_over_is_not_taken()
    {
        Rest(1);
        _shard.It.Awake(A, Mark(1));
        _shard.TakeAndComplete();
        Rest(1);
        Assert.Null(ReportOf(A));
        Rest(2);
        _shard.TakeAndComplete();
        Assert.NotNull(ReportOf(A));
    }

    /// <summary>A stale activation of the process asks: what the other one has stored since stays.</summary>
    [Fact]
    public void The_end_of_an_earlier_rest_ends_no_later_one()
    {
        Rest(2);
        _shard.It.Awake(A, Mark(1));
        _shard.TakeAndComplete();
        Assert.NotNull(ReportOf(A));
    }

    /// <summary>A restore has made a newer epoch: what rested before it is over, whatever its number.</summary>
    [Fact]
    public void A_rest_of_another_epoch_than_the_shards_is_not_handed_out()
    {
        _shard.It.Rest(new(A, new(new(2), 1), Report));
        Assert.Null(ReportOf(A));
        Assert.False(_shard.It.IsOpenIn(new(2)));
        Rest(9);
        Assert.Null(ReportOf(A)); // It comes late.
    }

    [Fact]
    public void A_closed_shard_lets_nobody_be_awake()
    {
        Assert.True(_shard.It.IsOpenIn(Epoch.First));
        _shard.It.Obey(new(new(Epoch.First, new(1), IsOpen: false), Source: default));
        Assert.False(_shard.It.IsOpenIn(Epoch.First));
    }

    [Fact]
    public void A_process_that_this_activation_does_not_know_is_not_answered()
    {
        var stranger = ShardUnderTest.Member(2);
        Assert.Null(_shard.It.Rest(new(stranger, Mark(1), Report)));
        Assert.Null(_shard.It.Awake(stranger, Mark(1)));
        Assert.Null(_shard.It.TakeWork(Given.Start));
    }

    [Fact]
    public void An_index_that_does_not_answer_is_asked_again()
    {
        _shard.It.Awake(A, Mark(1));
        _shard.TakeAndComplete();
        _shard.It.Completed(_shard.Take<VerifyShardWork>(), isCurrent: true);
        _shard.It.Failed(_shard.Take<AskIndexWork>(), "timeout", Given.Start);
        Assert.Equal((null, new Instant(250)), (_shard.It.Failure, _shard.It.DueAt));
        Assert.Null(_shard.It.TakeWork(new(249)));
        Assert.IsType<AskIndexWork>(_shard.It.TakeWork(new(250)));
    }

    [Fact]
    public void A_change_rewrites_one_row_of_32_processes()
    {
        for (var number = 2; number < 70; number++) _shard.It.Register(ShardUnderTest.Member(number), "ledger");
        _shard.TakeAndComplete();
        _shard.It.Rest(new(ShardUnderTest.Member(69), Mark(1), Report));
        var row = Assert.Single(_shard.TakeAndComplete().Rests);
        Assert.Equal((2, 1), (row.Number, row.Row.Entries.Length));
    }

    private static LocalStateReport Report { get; } = new LocalReport<string>(
        default, Epoch.First, A, "state of a", [], []);

    private static RestMark Mark(long generation) => new(Epoch.First, generation);

    private long Rest(long generation) => _shard.It.Rest(new(A, Mark(generation), Report))!.Value;

    /// <summary>What a snapshot would be told of a process at rest.</summary>
    private LocalStateReport? ReportOf(ProcessId process, ShardUnderTest? shard = null)
    {
        var view = (shard ?? _shard).It.ViewRests();
        var report = view.Rows.OfType<RestRow>().SelectMany(row => row.Entries)
            .SingleOrDefault(entry => entry.Process == process && entry.IsAtRestIn(view.Epoch))?.Report;
        Assert.Equal(report is null, view.Awake.Contains(process));
        return report;
    }
}
