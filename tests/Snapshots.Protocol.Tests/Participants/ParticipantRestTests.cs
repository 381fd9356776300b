using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>A participant rests when it has nothing to do, and is awake only when its directory shard knows.</summary>
public sealed class ParticipantRestTests
{
    private static readonly ParticipantOptions Options = ParticipantOptions.Default with { RestAfterMs = 1000 };

    private readonly ParticipantUnderTest _p = ParticipantUnderTest.Joined(Options);

    [Fact]
    public void After_a_time_without_work_it_stores_that_it_rests_and_then_tells_its_shard()
    {
        Assert.Equal(new Instant(1000), _p.It.DueAt);
        Assert.Equal(string.Empty, _p.Tick(999));
        _p.It.Tick(new(1000));
        var write = Assert.IsType<WriteWork<string, string>>(_p.It.TakeWork(new(1000)));
        Assert.Null(_p.It.TakeWork(new(1000)));
        Assert.Equal("entry", _p.Perform(write, 1000));
        Assert.Equal((1, true), (_p.Stored.Generation, _p.Stored.IsResting));
        Assert.Equal("rest 1.1", _p.Run(1000));
        Assert.Equal((null, true, false, true), (_p.It.DueAt, _p.It.IsResting, _p.It.IsReady, _p.It.MayRead));
    }

    [Fact]
    public void One_that_has_no_such_time_never_rests()
    {
        var p = ParticipantUnderTest.Joined();
        Assert.Null(p.It.DueAt);
        Assert.Equal(string.Empty, p.Tick(1_000_000));
        Assert.False(p.It.IsResting);
    }

    [Fact]
    public void It_reports_its_state_and_counts()
    {
        _p.Send(0, "m1");
        _p.Run(0);
        _p.Acknowledge(1, upTo: 1, "m1");
        _p.Run(1);
        _p.Tick(100_000); // What was acknowledged is written.
        _p.Tick(200_000); // Its token is released.
        _p.It.Tick(new(300_000));
        _p.Perform(_p.It.TakeWork(new(300_000))!, 300_000);
        var told = Assert.IsType<RestWork>(_p.It.TakeWork(new(300_000)));
        var report = Assert.IsType<LocalReport<string>>(told.Report);
        Assert.Equal([new ChannelCount(Q, new(1))], report.Sent);
        Assert.Equal((P, Epoch.First, _p.It.State), (report.Process, report.Epoch, report.State));
    }

    [Fact]
    public void It_does_not_rest_with_a_frame_under_way()
    {
        _p.Send(0, "m1");
        _p.Run(0);
        _p.Tick(60_000);
        Assert.False(_p.It.IsResting);
    }

    [Fact]
    public void It_does_not_rest_with_a_recording_open()
    {
        _p.It.Ask(Snapshot(1), Epoch.First, Announcement(1, 1), Start);
        _p.Run(0);
        _p.Tick(60_000);
        Assert.False(_p.It.IsResting);
    }

    [Fact]
    public void A_shard_that_cannot_be_reached_is_told_again()
    {
        Rest(tells: false);
        Assert.IsType<RestWork>(_p.It.TakeWork(new(1000)));
        _p.It.Failed("no answer");
        Assert.Equal((null, new Instant(3000)), (_p.It.Failure, _p.It.DueAt));
        Assert.Equal("rest 1.1", _p.Tick(3000));
        Assert.Null(_p.It.DueAt);
    }

    /// <summary>Whether the shard has answered the incarnation before is not known.</summary>
    [Fact]
    public void The_next_incarnation_rests_and_tells_the_shard_again()
    {
        Rest();
        var next = _p.Next(5000);
        Assert.True(next.It.IsResting);
        Assert.Equal("rest 1.1", next.Tick(5000));
    }

    [Fact]
    public void At_rest_no_input_does_anything()
    {
        Rest();
        _p.It.Ask(Snapshot(1), Epoch.First, Announcement(1, 1), new(2000));
        _p.It.Receive(Message(Q, P, 1, 1, "m1"), new Instant(2000));
        _p.It.Learn(Announcement(2, 2), new(2000));
        Assert.Throws<InvalidOperationException>(() => _p.Send(2000, "m1"));
        Assert.Equal(string.Empty, _p.Run(2000));
        Assert.Equal(SnapshotAnnouncement.None, _p.Stored.Known);
    }

    /// <summary>Before its first step it records what its shard has not reported, or has, with the same state.</summary>
    [Fact]
    public void A_caller_wakes_it_and_it_records_what_is_open_in_the_same_step()
    {
        Rest();
        _p.Announcement = Announcement(2, 2);
        _p.It.RequestJoin();
        Assert.Equal("awake 1.1; entry(local 2)", _p.Run(2000));
        Assert.Equal((true, false, 1), (_p.It.IsReady, _p.Stored.IsResting, _p.Stored.Generation));
    }

    [Fact]
    public void It_is_not_woken_before_its_rest_is_stored()
    {
        _p.It.Tick(new(1000));
        var write = _p.It.TakeWork(new(1000))!;
        _p.It.RequestJoin();
        Assert.Null(_p.It.TakeWork(new(1000)));
        _p.Perform(write, 1000);
        Assert.Equal("awake 1.1; entry", _p.Run(1000));
    }

    [Fact]
    public void A_shard_that_does_not_let_it_be_awake_is_asked_again_by_the_next_caller()
    {
        Rest();
        _p.It.RequestJoin();
        Assert.IsType<AwakeWork>(_p.It.TakeWork(new(2000)));
        _p.It.Failed("restoring");
        Assert.Equal("entry", _p.Run(2000)); // A fence.
        Assert.True(_p.It.IsResting);
        _p.It.RequestJoin();
        Assert.Equal("awake 1.1; entry", _p.Run(2000));
    }

    /// <summary>
    /// (1) Another activation is awake, and applies the part of a restore; (2) this one is stale, at rest in the old epoch.
    /// Its shard never lets it be awake. Without a write it would never find out.
    /// </summary>
    [Fact]
    public void One_that_may_not_be_awake_finds_out_whether_it_is_stale()
    {
        Rest();
        _p.It.RequestJoin();
        Assert.IsType<AwakeWork>(_p.It.TakeWork(new(2000)));
        _p.It.Failed("the shard lives in epoch 2");
        Assert.False(Assert.IsType<WriteWork<string, string>>(_p.It.TakeWork(new(2000))).IsEmpty);
        _p.It.Failed("refused: another activation has written");
        Assert.NotNull(_p.It.Failure);
    }

    [Fact]
    public void It_rests_again_under_the_next_number()
    {
        Rest();
        _p.It.RequestJoin();
        _p.Run(2000);
        Assert.Equal("entry; rest 1.2", _p.Tick(3000));
    }

    /// <summary>Its shard would not keep its report: it is asked like any other, and does not rest in vain again.</summary>
    [Fact]
    public void One_whose_report_is_too_large_for_its_shard_is_awake_when_it_is_wanted_and_does_not_rest_again()
    {
        Rest(tells: false);
        Assert.IsType<RestWork>(_p.It.TakeWork(new(1000)));
        _p.It.Told(isKept: false);
        Assert.Equal(string.Empty, _p.Run(1000));
        Assert.True(_p.It.IsResting);
        _p.It.RequestJoin();
        Assert.Equal("awake 1.1; entry", _p.Run(2000));
        Assert.Equal((string.Empty, null), (_p.Tick(1_000_000), _p.It.DueAt));
        Assert.True(_p.It.IsReady);
    }

    /// <summary>
    /// (1) It asks to be awake; (2) a restore closes it; (3) the answer comes. It rests until it is open again.
    /// </summary>
    [Fact]
    public void One_that_is_closed_meanwhile_stays_at_rest()
    {
        Rest();
        _p.It.RequestJoin();
        Assert.IsType<AwakeWork>(_p.It.TakeWork(new(2000)));
        _p.It.Obey(new(Epoch.First, new(1), IsOpen: false), damage: null, new(2000));
        _p.It.Awoken(Announcement(1, 1), new(2000));
        _p.Run(2000);
        Assert.Equal((true, true), (_p.Stored.IsResting, _p.Stored.IsClosed));
        _p.It.Obey(new(Epoch.First, new(1), IsOpen: true), damage: null, new(2000));
        _p.Run(2000);
        _p.It.RequestJoin();
        Assert.Equal("awake 1.1; entry", _p.Run(2000));
    }

    [Fact]
    public void A_part_of_a_restore_ends_the_rest()
    {
        Rest();
        _p.It.Obey(new(Epoch.First, new(1), IsOpen: false), damage: null, new(2000));
        _p.Run(2000);
        _p.It.Restore(new(new(new(2), new(1), IsOpen: true), Local(P, [], []), []), damage: null, new(2000));
        Assert.Equal("checkpoint", _p.Run(2000));
        Assert.Equal((true, 1), (_p.It.IsReady, _p.Stored.Generation));
    }

    /// <summary>Its work may be left, so it is fenced; but it need not be awake for that.</summary>
    [Fact]
    public void One_that_is_woken_for_its_work_and_has_none_stays_at_rest()
    {
        Rest();
        Assert.Null(_p.It.Wake(new WorkToken(7), isFenced: false, new(2000)));
        Assert.Equal("entry", _p.Run(2000));
        Assert.False(_p.It.Wake(new WorkToken(7), isFenced: true, new(2000)));
        Assert.True(_p.It.IsResting);
    }

    [Fact]
    public void It_rests_when_its_host_deactivates_it_unless_its_silo_stops()
    {
        _p.It.Leave(siloStops: true, new(500));
        Assert.Equal(string.Empty, _p.Run(500));
        var next = _p.Next(600, Options);
        next.It.Leave(siloStops: false, new(700));
        Assert.Equal("entry; rest 1.1", next.Run(700));
    }

    private void Rest(bool tells = true)
    {
        _p.It.Tick(new(1000));
        _p.Perform(_p.It.TakeWork(new(1000))!, 1000);
        if (tells) Assert.Equal("rest 1.1", _p.Run(1000));
    }
}
