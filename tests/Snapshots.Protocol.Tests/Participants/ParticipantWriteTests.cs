using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>Step, persist, perform.</summary>
public sealed class ParticipantWriteTests
{
    private readonly ParticipantUnderTest _p = ParticipantUnderTest.Joined();

    [Fact]
    public void Nothing_is_shown_or_handed_out_before_the_write_is_completed()
    {
        _p.It.Apply(new("paid", [new(Q, "a")]), Start);
        Assert.Equal(("paid", string.Empty), (_p.It.State, _p.It.DurableState));
        Assert.Equal("enlist 101", _p.Perform(_p.It.TakeWork(Start)!, 0));
        var write = Assert.IsType<WriteWork<string, string>>(_p.It.TakeWork(Start));
        Assert.Equal((string.Empty, "paid"), (write.StateBefore, write.State));
        Assert.Equal(string.Empty, _p.It.DurableState);
        Assert.True(_p.It.DurableRevision < _p.It.Revision);
        Assert.Equal("m1", _p.It.Completed(write, 100, Start).Effects.Frames.Shape());
        Assert.Equal("paid", _p.It.DurableState);
        Assert.Equal(_p.It.Revision, _p.It.DurableRevision);
    }

    [Fact]
    public void The_effects_of_several_inputs_leave_with_one_write()
    {
        _p.Send(0, "a");
        _p.Send(0, "b");
        _p.It.Receive(Message(Q, P, 1, 1, "x"), Start);
        _p.It.Receive(Message(Q, P, 2, 2, "y"), Start);
        _p.It.Ask(Snapshot(1), Epoch.First, Announcement(1, 1), Start);
        Assert.Equal("enlist 101; entry(m1 m2 s1@2, ack q2, local 1)", _p.Run(0));
        Assert.Equal(string.Empty, _p.Run(0));
    }

    [Fact]
    public void What_comes_during_a_write_leaves_with_the_next_one()
    {
        _p.It.OpenChannel(Q, Start);
        var write = (WriteWork<string, string>)_p.It.TakeWork(Start)!;
        _p.Send(0, "a");
        Assert.Null(_p.It.TakeWork(Start));
        Assert.True(_p.It.Completed(write, 100, Start).IsEmpty);
        Assert.True(_p.It.DurableRevision < _p.It.Revision);
        Assert.Equal("enlist 101; entry(m1)", _p.Run(0));
        Assert.Equal(_p.It.Revision, _p.It.DurableRevision);
    }

    [Fact]
    public void What_shows_nothing_new_is_handed_out_without_a_write()
    {
        _p.It.Receive(Message(Q, P, 1, 1, "x"), Start);
        Assert.Equal("entry(ack q1)", _p.Run(0));
        _p.It.Receive(Message(Q, P, 1, 1, "x"), Start);
        Assert.Equal("hand out(ack q1)", _p.Run(0));
        _p.It.Receive(new EpochNotice(P, Epoch.First), Start);
        Assert.Equal(string.Empty, _p.Run(0));
    }

    /// <summary>
    /// A stale activation sees frames and acknowledgements that are impossible for it. The write tells which one it is.
    /// </summary>
    [Fact]
    public void An_impossible_input_makes_a_write_that_changes_nothing()
    {
        var before = Render.Text(_p.Stored);
        _p.It.Receive(Message(Q, P, 2, 1, "x", acknowledged: 1), Start);
        Assert.Equal(_p.It.Revision, _p.It.DurableRevision);
        Assert.Equal("entry(fault ReceiverWentBack)", _p.Run(0));
        Assert.Equal(before, Render.Text(_p.Stored));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_that_fails_ends_the_incarnation_and_nothing_is_handed_out(bool isEnlisting)
    {
        _p.Send(0, "a");
        var work = _p.It.TakeWork(Start)!;
        if (!isEnlisting)
        {
            _p.Perform(work, 0);
            work = _p.It.TakeWork(Start)!;
        }

        Assert.Equal(isEnlisting, work is EnlistWork);
        _p.It.Failed("disk full");
        _p.Send(0, "b");
        Assert.Equal(("disk full", string.Empty), (_p.It.Failure, _p.Tick(100_000)));
        Assert.Null(_p.It.DueAt);
        Assert.False(_p.It.IsDamaged);
        if (work is not WriteWork<string, string> write) return;
        Assert.Throws<InvalidOperationException>(() => _p.It.Completed(write, 100, Start));
    }

    [Fact]
    public void What_may_be_forgotten_waits_and_is_written_by_itself_in_the_end()
    {
        _p.It.Learn(Announcement(1), new(100));
        Assert.False(_p.It.HasWorkToTake);
        Assert.Equal(new Instant(5100), _p.It.DueAt);
        _p.It.Learn(Announcement(2), new(3000)); // It does not put the write off.
        Assert.Equal(string.Empty, _p.Tick(5099));
        Assert.Equal("entry", _p.Tick(5100));
        Assert.Equal(Announcement(2), _p.Stored.Known);
        Assert.Null(_p.It.DueAt);
    }

    [Fact]
    public void What_may_be_forgotten_is_written_with_the_next_step()
    {
        _p.It.Learn(Announcement(1), Start);
        _p.It.Apply(new("state"), new(10));
        Assert.Equal("entry", _p.Run(10));
        Assert.Equal(Announcement(1), _p.Stored.Known);
        Assert.Null(_p.It.DueAt);
    }

    /// <summary>An acknowledgement may be forgotten. The snapshot waits for what it made the process record.</summary>
    [Fact]
    public void What_an_acknowledgement_makes_a_process_record_is_written_at_once()
    {
        var p = ParticipantUnderTest.Joined(ParticipantOptions.Default with { Markers = MarkerPolicy.Owed });
        p.Send(0, "a", "b");
        p.Run(0);
        p.Acknowledge(0, 1, "a");
        Assert.Equal(string.Empty, p.Run(0));
        p.It.Receive(Acknowledgement(P, Q, 2, DigestOf("a", "b")) with { Recording = [Snapshot(1)] }, Start);
        Assert.Equal("entry(s1@2, local 1)", p.Run(0));
    }

    [Fact]
    public void Frames_before_one_at_which_the_handler_throws_are_written_and_acknowledged()
    {
        _p.It.Receive(Message(Q, P, 2, 2, "y>p:to itself"), Start);
        Assert.Equal("entry", _p.Run(0)); // The channel is open, and holds it back.
        Assert.Throws<HandlerException>(() => _p.It.Receive(Message(Q, P, 1, 1, "x"), Start));
        Assert.Equal("entry(ack q1)", _p.Run(0));
    }

    [Fact]
    public void What_a_caller_has_seen_is_written_at_once()
    {
        _p.It.RequireDurable(Start);
        Assert.Equal(string.Empty, _p.Run(0));
        _p.It.Learn(Announcement(1), Start);
        _p.It.RequireDurable(Start);
        Assert.Equal("entry", _p.Run(0));
    }

    [Fact]
    public void A_process_inside_a_snapshot_waits_longer_since_the_end_comes_soon()
    {
        _p.It.Ask(Snapshot(1), Epoch.First, Announcement(1, 1), Start);
        Assert.Equal("entry(local 1)", _p.Run(0));
        _p.It.Accept(new HashSet<ReportKey> { new(ReportKind.Local, Snapshot(1), Epoch.First, default) }, new(10));
        Assert.Equal(new Instant(30_000), _p.It.DueAt);
        Assert.Equal(string.Empty, _p.Tick(30_000)); // It only keeps the process in memory.
        Assert.Equal("entry", _p.Tick(30_010));
        Assert.Null(_p.Stored.Recordings[0].Local);
    }

    [Fact]
    public void Every_write_is_a_checkpoint_where_the_journal_takes_no_entries()
    {
        var p = new ParticipantUnderTest(options: ParticipantOptions.Default with { TakesEntries = false });
        p.It.RequestJoin();
        Assert.Equal("look up; checkpoint; register; checkpoint", p.Run(0));
        p.It.Receive(Message(Q, P, 2, 1, "x", acknowledged: 1), Start);
        Assert.Equal("checkpoint(fault ReceiverWentBack)", p.Run(0)); // A fence, too.
        p.It.Leave(siloStops: false, Start);
        Assert.Equal(string.Empty, p.Run(0));
    }

    [Fact]
    public void A_checkpoint_takes_the_place_of_entries_that_outweigh_it()
    {
        var p = ParticipantUnderTest.Joined(ParticipantOptions.Default with { MinCheckpointBytes = 300 });
        string[] writes = [.. Enumerable.Range(0, 6).Select(step =>
        {
            p.It.Apply(new($"{step}"), Start);
            return p.Run(0);
        })];
        Assert.Equal(["entry", "entry", "checkpoint", "entry", "entry", "entry"], writes); // Joining made an entry.
        Assert.Equal("5", p.Stored.State);
    }

    [Theory]
    [InlineData(200, "checkpoint")]
    [InlineData(201, "")]
    public void A_process_that_leaves_makes_a_checkpoint_of_entries_that_are_worth_it(int bytes, string expected)
    {
        var p = ParticipantUnderTest.Joined(ParticipantOptions.Default with { LeaveCheckpointBytes = bytes });
        p.It.Apply(new("state"), Start);
        Assert.Equal("entry", p.Run(0));
        p.It.Leave(siloStops: false, Start);
        Assert.Equal(expected, p.Run(0));
        Assert.Null(p.It.DueAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_process_that_leaves_writes_what_is_unwritten(bool siloStops)
    {
        _p.It.Learn(Announcement(1), Start);
        _p.It.Leave(siloStops, Start);
        Assert.Equal("entry", _p.Run(0));
        Assert.Equal(Announcement(1), _p.Stored.Known);
    }

    [Fact]
    public void The_next_incarnation_goes_on_from_what_is_stored()
    {
        _p.Send(0, "a", "b");
        _p.It.Receive(Message(Q, P, 1, 1, "x"), Start);
        _p.Run(0);
        _p.Send(0, "not written");
        var next = _p.Next(now: 50);
        Assert.Equal(("q:x;", true), (next.It.State, next.It.HasJoined));
        Assert.Equal(new Instant(50), next.It.DueAt);
        Assert.Equal("enlist 201; hand out(m1 m2)", next.Tick(50));
    }
}
