using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>What a process does before it takes its first step.</summary>
public sealed class ParticipantJoiningTests
{
    private static readonly StoredSize Small = new(100, 0, 0);

    [Fact]
    public void A_newcomer_does_nothing_until_something_comes_to_it()
    {
        var p = new ParticipantUnderTest();
        Assert.False(p.It.HasWorkToTake);
        Assert.Null(p.It.TakeWork(Start));
        Assert.Null(p.It.DueAt);
        p.It.Learn(Announcement(1, 1), Start);
        Assert.Equal(string.Empty, p.Tick(100_000));
        Assert.Equal(0, p.It.Revision);
    }

    [Fact]
    public void A_newcomer_looks_itself_up_stores_an_empty_record_registers_and_joins()
    {
        var p = new ParticipantUnderTest();
        p.It.RequestJoin();
        Assert.True(p.It.HasWorkToTake);
        Assert.IsType<LookUpWork>(p.It.TakeWork(Start));
        Assert.Null(p.It.TakeWork(Start)); // One piece at a time.
        p.It.LookedUp(isRegistered: false, isStored: false);

        var write = Assert.IsType<WriteWork<string, string>>(p.It.TakeWork(Start));
        Assert.Equal(Render.Text(Newcomer(P).ToRecord()), Render.Text(write.Checkpoint));
        Assert.Null(p.It.TakeWork(Start));
        Assert.True(p.It.Completed(write, 100, Start).IsEmpty);

        Assert.IsType<RegisterWork>(p.It.TakeWork(Start));
        Assert.False(p.It.HasJoined);
        p.It.Registered(Epoch.First, SnapshotAnnouncement.None, Start);
        Assert.True(p.It.HasJoined);
        var joined = Assert.IsType<WriteWork<string, string>>(p.It.TakeWork(Start));
        Assert.Equal(Epoch.First, joined.Entry!.Epoch);
    }

    /// <summary>Reports alone need no token in the pending-work registry.</summary>
    [Fact]
    public void A_newcomer_records_what_is_open_before_its_first_event()
    {
        var p = new ParticipantUnderTest { Announcement = Announcement(3, 1, 3) };
        p.It.RequestJoin();
        Assert.Equal("look up; checkpoint; register; entry(local 1, local 3)", p.Run(0));
        Assert.Equal([Snapshot(1), Snapshot(3)], p.It.OpenRecordings);
        Assert.All(p.Stored.Recordings, recording => Assert.Equal(string.Empty, recording.Local!.State));
    }

    [Fact]
    public void For_scripts_a_newcomer_knows_what_is_open_and_records_when_it_is_asked()
    {
        var p = ParticipantUnderTest.Joined(
            ParticipantOptions.Default with { RecordsWhatIsOpen = false }, Announcement(3, 3));
        Assert.Empty(p.It.OpenRecordings);
        p.It.Ask(Snapshot(3), Epoch.First, Announcement(3, 3), Start);
        Assert.Equal("entry(local 3)", p.Run(0));
    }

    [Fact]
    public void A_registered_process_of_which_nothing_is_stored_is_damaged()
    {
        var p = LookedUp(isStored: false);
        Assert.True(p.It.IsDamaged);
        Assert.Equal("p is registered, and nothing is stored of it: its state is lost", p.It.Failure);
    }

    /// <summary>
    /// (1) Two activations find nothing; (2) one of them stores, registers and takes steps; (3) the other one looks up.
    /// It must neither write an empty record nor take the process for damaged.
    /// </summary>
    [Fact]
    public void An_activation_that_finds_nothing_and_then_a_record_is_stale()
    {
        var p = LookedUp(isStored: true);
        Assert.False(p.It.IsDamaged);
        Assert.StartsWith("stale activation", p.It.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_look_up_or_registration_that_fails_is_repeated_for_the_next_caller()
    {
        var p = new ParticipantUnderTest();
        p.It.RequestJoin();
        Assert.IsType<LookUpWork>(p.It.TakeWork(Start));
        p.It.Failed("no directory");
        Assert.Null(p.It.Failure);
        Assert.Equal(string.Empty, p.Run(0));

        p.It.RequestJoin();
        Assert.Equal("look up", p.Perform(p.It.TakeWork(Start)!, 0));
        Assert.Equal("checkpoint", p.Perform(p.It.TakeWork(Start)!, 0));
        Assert.IsType<RegisterWork>(p.It.TakeWork(Start));
        p.It.Failed("no directory");
        Assert.Null(p.It.Failure);
        Assert.Equal(string.Empty, p.Run(0));

        p.It.RequestJoin();
        Assert.Equal("register; entry", p.Run(0));
    }

    [Fact]
    public void A_first_write_that_fails_ends_the_incarnation()
    {
        var p = new ParticipantUnderTest();
        p.It.RequestJoin();
        Assert.Equal("look up", p.Perform(p.It.TakeWork(Start)!, 0));
        Assert.IsType<WriteWork<string, string>>(p.It.TakeWork(Start));
        p.It.Failed("disk full");
        Assert.Equal("disk full", p.It.Failure);
        p.It.RequestJoin();
        Assert.Equal(string.Empty, p.Run(0));
    }

    [Fact]
    public void A_process_that_was_stored_and_not_registered_registers()
    {
        var p = new ParticipantUnderTest(new(Newcomer(P).ToRecord(), Small));
        Assert.Equal(string.Empty, p.Run(0));
        p.It.RequestJoin();
        Assert.Equal("register; entry", p.Run(0));
    }

    [Fact]
    public void A_process_that_has_joined_takes_steps_at_once()
    {
        var p = new ParticipantUnderTest(new(Given.Joined(P).ToRecord(), Small));
        Assert.True(p.It.HasJoined);
        Assert.Null(p.It.DueAt);
        p.It.RequestJoin();
        Assert.Equal(string.Empty, p.Run(0));
        p.It.Apply(new("state"), Start);
        Assert.Equal("entry", p.Run(0));
        Assert.Equal("state", p.Stored.State);
    }

    [Fact]
    public void A_process_that_leaves_before_it_has_joined_does_not_begin_to()
    {
        var p = new ParticipantUnderTest();
        p.It.RequestJoin();
        p.It.Leave(siloStops: false, Start);
        Assert.Equal(string.Empty, p.Run(0));
    }

    [Fact]
    public void An_answer_to_work_that_is_not_under_way_is_refused()
    {
        var p = ParticipantUnderTest.Joined();
        Assert.Throws<InvalidOperationException>(() => p.It.LookedUp(isRegistered: false, isStored: false));
        Assert.Throws<InvalidOperationException>(() => p.It.Registered(Epoch.First, SnapshotAnnouncement.None, Start));
        Assert.Throws<InvalidOperationException>(p.It.Enlisted);
    }

    private static ParticipantUnderTest LookedUp(bool isStored)
    {
        var p = new ParticipantUnderTest();
        p.It.RequestJoin();
        Assert.IsType<LookUpWork>(p.It.TakeWork(Start));
        p.It.LookedUp(isRegistered: true, isStored);
        Assert.Equal(string.Empty, p.Run(0));
        return p;
    }
}
