using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class ParticipantRestoreTests
{
    private static Gate Closed { get; } = new(new(1), new(1), IsOpen: false);

    private static Gate Made { get; } = new(new(2), new(1), IsOpen: true);

    private static RestorePart<string, string> Part { get; } = new(Made, Local(P, [(Q, 1)], []), []);

    [Fact]
    public void A_process_is_closed_at_once_and_confirms_when_that_is_stored()
    {
        var p = ParticipantUnderTest.Joined();
        Assert.True(p.It.IsOpen && p.It.MayRead);
        p.It.Obey(Closed, null, Start);
        Assert.False(p.It.IsOpen || p.It.MayRead);
        Assert.True(p.It.DurableGate < Closed);
        Assert.Equal("entry", p.Run(0));
        Assert.Equal((Closed, Closed), (p.It.DurableGate, p.Stored.Gate));
        Assert.False(p.Next(1).It.IsOpen);
    }

    /// <summary>
    /// (1) A part is applied and not stored; (2) a read is answered out of the old record. Its reader may have seen the
    /// new epoch elsewhere.
    /// </summary>
    [Fact]
    public void A_read_waits_until_the_part_is_stored()
    {
        var p = ParticipantUnderTest.Joined();
        p.It.Obey(Closed, null, Start);
        p.Run(0);
        p.It.Restore(Part, null, Start);
        Assert.Equal((true, false, string.Empty), (p.It.IsOpen, p.It.MayRead, p.It.DurableState));
        Assert.Equal("checkpoint", p.Run(0));
        Assert.Equal((true, "state of p", Made), (p.It.MayRead, p.It.DurableState, p.It.DurableGate));
    }

    /// <summary>
    /// (1) A newcomer registers; (2) a restore gives it its part; (3) the answer of the epoch before comes.
    /// </summary>
    [Fact]
    public void An_answer_to_a_newcomer_that_comes_after_its_part_is_dropped()
    {
        var p = new ParticipantUnderTest();
        p.It.RequestJoin();
        p.Perform(p.It.TakeWork(Start)!, 0);
        p.Perform(p.It.TakeWork(Start)!, 0);
        var registration = p.It.TakeWork(Start)!;
        p.It.Restore(Part, null, Start);
        p.It.Registered(Epoch.First, Announcement(1, 1), Start);
        Assert.IsType<RegisterWork>(registration);
        Assert.Equal("checkpoint", p.Run(0));
        Assert.Equal((Made, "state of p"), (p.It.DurableGate, p.It.DurableState));
        Assert.Empty(p.It.OpenRecordings);
    }

    [Fact]
    public void A_part_is_stored_as_a_checkpoint_since_no_entry_says_what_is_gone()
    {
        var p = ParticipantUnderTest.Joined();
        p.Send(0, "m1");
        p.Run(0);
        p.It.Obey(Closed, null, Start);
        p.It.Restore(new(Made, null, []), null, Start);
        Assert.Equal("checkpoint", p.Run(0));
        Assert.Empty(p.Stored.Outgoing);
        p.Send(0, "m2");
        Assert.Equal("entry(m1)", p.Run(0));
    }

    [Fact]
    public void A_write_of_the_old_epoch_that_ends_late_lets_nobody_read()
    {
        var p = ParticipantUnderTest.Joined();
        p.It.Obey(Closed, null, Start);
        var write = p.It.TakeWork(Start)!;
        p.It.Restore(Part, null, Start);
        p.Perform(write, 0);
        Assert.False(p.It.MayRead);
        Assert.Equal("checkpoint", p.Run(0));
        Assert.True(p.It.MayRead);
    }

    [Fact]
    public void A_closed_process_asks_its_shard_now_and_then_and_obeys_the_answer()
    {
        var p = ParticipantUnderTest.Joined();
        p.It.Obey(Closed, null, Start);
        p.Run(0);
        Assert.Equal(new Instant(2000), p.It.DueAt);
        p.It.Tick(new(2000));
        Assert.IsType<AskGateWork>(p.It.TakeWork(new(2000)));
        p.It.Failed("no answer");
        Assert.Equal((null, new Instant(6000)), (p.It.Failure, p.It.DueAt));
        p.It.Tick(new(6000));
        Assert.IsType<AskGateWork>(p.It.TakeWork(new(6000)));
        p.It.Answered(new(new(1), new(1), IsOpen: true), new(6000));
        Assert.Equal("entry", p.Run(6000));
        Assert.Equal((true, null), (p.It.MayRead, p.It.DueAt));
    }

    /// <summary>
    /// (1) Another activation applies the part; (2) this one is stale, closed in the old epoch, and waits for it. Without
    /// a write it would never find out, and keep every order from the process.
    /// </summary>
    [Fact]
    public void A_gate_of_a_newer_epoch_asks_for_a_fence()
    {
        var p = ParticipantUnderTest.Joined();
        p.It.Obey(Closed, null, Start);
        p.Run(0);
        p.It.Obey(new(new(2), new(2), IsOpen: false), null, Start);
        var fence = Assert.IsType<WriteWork<string, string>>(p.It.TakeWork(Start));
        Assert.False(fence.IsEmpty);
        p.It.Failed("refused: another activation has written");
        Assert.NotNull(p.It.Failure);
    }

    [Fact]
    public void A_question_that_waits_for_a_write_is_not_due_again_and_again()
    {
        var p = ParticipantUnderTest.Joined();
        p.It.Obey(Closed, null, Start);
        var write = p.It.TakeWork(Start)!;
        p.It.Tick(new(2000));
        Assert.Null(p.It.DueAt);
        p.Perform(write, 2000);
        Assert.IsType<AskGateWork>(p.It.TakeWork(new(2000)));
    }

    [Fact]
    public void A_process_that_starts_closed_asks_too_and_sends_nothing_again()
    {
        var p = ParticipantUnderTest.Joined();
        p.Send(0, "m1");
        p.Run(0);
        p.It.Obey(Closed, null, Start);
        p.Run(0);
        var next = p.Next(10);
        Assert.DoesNotContain("m1", next.Tick(1_000), StringComparison.Ordinal);
        next.It.Tick(new(2010));
        Assert.IsType<AskGateWork>(next.It.TakeWork(new(2010)));
    }

    [Fact]
    public void A_newcomer_that_is_told_to_close_while_it_registers_does_not_join_what_it_is_answered()
    {
        var p = new ParticipantUnderTest();
        p.It.RequestJoin();
        p.Perform(p.It.TakeWork(Start)!, 0);
        p.Perform(p.It.TakeWork(Start)!, 0);
        Assert.IsType<RegisterWork>(p.It.TakeWork(Start));
        p.It.Obey(Closed, null, Start);
        p.It.Registered(Epoch.First, SnapshotAnnouncement.None, Start);
        Assert.False(p.It.IsOpen);
        Assert.Equal("checkpoint", p.Run(0).Replace("entry", "checkpoint", StringComparison.Ordinal));
        Assert.Equal(Closed, p.Stored.Gate);
    }

    [Fact]
    public void A_process_of_which_nothing_is_stored_stores_its_damage_when_it_closes_and_its_part_replaces_it()
    {
        var p = new ParticipantUnderTest();
        p.It.Obey(Closed, "all is lost", Start);
        Assert.Equal("checkpoint", p.Run(0));
        Assert.Equal(("all is lost", "all is lost"), (p.Stored.Damage, p.It.Damage));
        var next = p.Next(1);
        next.It.Obey(new(new(1), new(1), IsOpen: true), null, Start);
        Assert.False(next.It.IsOpen || next.It.MayRead);
        next.It.Restore(Part, null, Start);
        next.Run(1);
        Assert.Equal((true, null), (next.It.MayRead, next.Stored.Damage));
    }

    /// <summary>Its storage has lost all of it, and no one has asked the directory yet. It is no newcomer.</summary>
    [Fact]
    public void A_process_that_finds_nothing_and_is_told_to_close_is_damaged()
    {
        var p = new ParticipantUnderTest();
        p.It.Obey(Closed, null, Start);
        p.Run(0);
        Assert.Equal("p is registered, and nothing is stored of it: its state is lost", p.Stored.Damage);
        p.It.Obey(Closed with { IsOpen = true }, null, Start);
        Assert.False(p.It.IsOpen);
    }

    /// <summary>
    /// (1) A process applies its part, opens and answers; (2) its journal is damaged; (3) the part comes again.
    /// </summary>
    [Fact]
    public void A_damaged_process_that_has_not_stored_that_it_is_closed_takes_the_gate_of_its_part_and_no_state()
    {
        var p = new ParticipantUnderTest();
        p.It.Restore(Part, "entry 3 is missing", Start);
        Assert.Equal("checkpoint", p.Run(0));
        Assert.Equal((Made, Made, "entry 3 is missing"), (p.It.DurableGate, p.Stored.Gate, p.Stored.Damage));
        Assert.False(p.It.IsOpen || p.It.MayRead);

        var next = p.Next(1);
        next.It.Obey(new(new(2), new(2), IsOpen: false), next.It.Damage, Start);
        next.It.Restore(Part with { Gate = new(new(3), new(2), IsOpen: true) }, next.It.Damage, Start);
        next.Run(1);
        Assert.Equal((true, null), (next.It.MayRead, next.Stored.Damage));
    }

    /// <summary>
    /// (1) A process closes, applies its part, opens and answers; (2) all that is stored of it vanishes; (3) the part comes
    /// again.
    /// </summary>
    [Fact]
    public void A_process_that_had_to_close_and_finds_nothing_is_damaged_when_its_part_comes()
    {
        var p = new ParticipantUnderTest();
        p.It.Restore(Part with { WasClosed = true }, null, Start);
        p.Run(0);
        Assert.Equal((Made, "p is registered, and nothing is stored of it: its state is lost"), (p.Stored.Gate, p.Stored.Damage));
        Assert.False(p.It.IsOpen || p.It.MayRead);
    }

    [Fact]
    public void A_process_that_only_the_source_knows_applies_its_part_to_nothing()
    {
        var p = new ParticipantUnderTest();
        p.It.Restore(Part, null, Start);
        p.Run(0);
        Assert.Equal((true, "state of p"), (p.It.MayRead, p.It.DurableState));
    }

    /// <summary>
    /// (1) A damaged process is closed; (2) the restore is committed, and its shard moves; (3) it asks its shard, before its
    /// part comes. With the gate that it is told it would never take that part.
    /// </summary>
    [Fact]
    public void A_damaged_process_that_asks_its_shard_waits_for_its_part()
    {
        var p = new ParticipantUnderTest();
        p.It.Obey(Closed, "entry 3 is missing", Start);
        p.Run(0);
        p.It.Tick(new(2000));
        Assert.IsType<AskGateWork>(p.It.TakeWork(new(2000)));
        p.It.Answered(Made, new(2000));
        Assert.Equal("entry", p.Run(2000)); // A fence.
        Assert.Equal((Closed, "entry 3 is missing"), (p.Stored.Gate, p.Stored.Damage));
        p.It.Restore(Part, p.It.Damage, new(2000));
        p.Run(2000);
        Assert.Equal((true, null, "state of p"), (p.It.MayRead, p.Stored.Damage, p.It.DurableState));
    }

    [Fact]
    public void Frames_that_a_part_sends_are_enlisted_first_and_leave_when_they_are_stored()
    {
        var p = ParticipantUnderTest.Joined();
        p.It.Obey(Closed, null, Start);
        p.Run(0);
        p.It.Restore(new(Made, Local(P, [], []), [Channel(Q, P, 0, ["hello>q:back"])]), null, Start);
        Assert.Equal("enlist 101; checkpoint(m1)", p.Run(0));
    }
}
