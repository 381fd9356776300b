using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>
/// A process is in the pending-work registry before it leaves frames under way, and is found and woken after a loss.
/// </summary>
public sealed class ParticipantPendingWorkTests
{
    private readonly ParticipantUnderTest _p = ParticipantUnderTest.Joined();

    [Fact]
    public void A_process_enlists_before_the_first_write_with_frames_and_once_while_it_is_busy()
    {
        _p.Send(0, "a");
        Assert.Equal("enlist 101; entry(m1)", _p.Run(0));
        _p.Acknowledge(10, 1, "a");
        _p.Send(20, "b"); // The acknowledgement left nothing under way for a moment.
        Assert.Equal("entry(m2)", _p.Run(20));
    }

    [Fact]
    public void A_process_without_frames_does_not_enlist()
    {
        _p.It.Apply(new("state"), Start);
        _p.It.Ask(Snapshot(1), Epoch.First, Announcement(1, 1), Start);
        Assert.Equal("entry(local 1)", _p.Run(0));
    }

    [Fact]
    public void The_token_is_released_some_time_after_all_is_done_and_the_next_one_is_another()
    {
        RestFrom(5010);
        Assert.Equal(new Instant(15_010), _p.It.DueAt);
        Assert.Equal(string.Empty, _p.Tick(15_009));
        Assert.Equal("hand out(release 101)", _p.Tick(15_010));
        Assert.Null(_p.It.DueAt);
        _p.Send(20_000, "b");
        Assert.Equal("enlist 102; entry(m2)", _p.Run(20_000));
    }

    [Fact]
    public void A_process_that_is_busy_again_keeps_its_token_and_rests_from_then_on()
    {
        RestFrom(5010);
        _p.It.Apply(new("state"), new(15_000));
        Assert.Equal("entry", _p.Run(15_000));
        Assert.Equal(string.Empty, _p.Tick(15_010));
        Assert.Equal(new Instant(25_000), _p.It.DueAt);
        Assert.Equal("hand out(release 101)", _p.Tick(25_000));
    }

    /// <summary>It will soon have its end to write.</summary>
    [Fact]
    public void A_process_inside_a_snapshot_keeps_its_token()
    {
        RestFrom(5010);
        _p.It.Ask(Snapshot(1), Epoch.First, Announcement(1, 1), new(6000));
        Assert.Equal("entry(local 1)", _p.Run(6000));
        Assert.DoesNotContain("release", _p.Tick(100_000), StringComparison.Ordinal);
        _p.It.Learn(Announcement(1), new(100_000));
        _p.It.RequireDurable(new(100_000));
        Assert.Equal("entry", _p.Run(100_000));
        Assert.Equal("hand out(release 101)", _p.Tick(110_000));
    }

    [Theory]
    [InlineData(false, "hand out(release 101)")]
    [InlineData(true, "")]
    public void A_process_that_leaves_releases_its_token_unless_the_silo_stops(bool siloStops, string expected)
    {
        RestFrom(5010);
        _p.It.Leave(siloStops, new(6000));
        Assert.Equal(expected, _p.Run(6000));
        Assert.Null(_p.It.DueAt);
    }

    [Fact]
    public void A_process_that_leaves_with_frames_under_way_keeps_its_token()
    {
        _p.Send(0, "a");
        _p.It.Leave(siloStops: false, Start);
        Assert.Equal("enlist 101; entry(m1)", _p.Run(0));
        Assert.True(_p.It.HasUnacknowledgedFrames);
    }

    [Fact]
    public void The_last_acknowledgement_is_written_and_the_token_released_when_a_process_leaves()
    {
        _p.Send(0, "a");
        _p.Run(0);
        _p.Acknowledge(10, 1, "a");
        _p.It.Leave(siloStops: false, new(20));
        Assert.Equal("entry(release 101)", _p.Run(20));
    }

    [Fact]
    public void An_inherited_token_is_replaced_also_when_the_acknowledgement_is_heard_first()
    {
        _p.Send(0, "a");
        _p.Run(0);
        var next = _p.Next(now: 100);
        next.Acknowledge(100, 1, "a");
        Assert.Equal("enlist 201; entry", next.Tick(100));
        Assert.Equal("hand out(release 201)", next.Tick(10_100));
    }

    [Fact]
    public void A_process_that_is_woken_under_its_own_token_and_has_nothing_to_do_says_so_at_once()
    {
        RestFrom(5010);
        Assert.False(_p.It.Wake(new WorkToken(101), isFenced: false, new(6000)));
        Assert.Equal(string.Empty, _p.Tick(100_000)); // It is removed by the registry that was answered.
        _p.Send(100_000, "b");
        Assert.Equal("enlist 102; entry(m2)", _p.Run(100_000));
    }

    [Theory]
    [InlineData(101L)]
    [InlineData(77L)]
    [InlineData(null)]
    public void A_process_that_is_woken_and_has_work_says_so_at_once(long? token)
    {
        _p.Send(0, "a");
        _p.Run(0);
        Assert.True(Wake(token, isFenced: false, 10));
        Assert.Equal(string.Empty, _p.Run(10));
        _p.Acknowledge(10, 1, "a");
        Assert.True(Wake(token, isFenced: false, 10)); // The acknowledgement is not written.
    }

    /// <summary>
    /// See the remarks of <see cref="Participant{TState, TMessage}.Wake"/>: an earlier incarnation may have a write to
    /// come.
    /// </summary>
    [Fact]
    public void A_process_that_is_woken_under_another_token_writes_a_fence_before_it_says_that_it_has_nothing_to_do()
    {
        RestFrom(5010);
        var before = Render.Text(_p.Stored);
        Assert.Null(Wake(77, isFenced: false, 6000));
        Assert.True(_p.It.DurableRevision < _p.It.Revision);
        Assert.Equal("entry", _p.Run(6000));
        Assert.Equal(before, Render.Text(_p.Stored));
        Assert.Equal(_p.It.Revision, _p.It.DurableRevision);
        Assert.False(Wake(77, isFenced: true, 6000));

        // The given token took the place of its own one in the registry, and is removed: so it has none there.
        Assert.Equal(string.Empty, _p.Tick(100_000));
        _p.Send(100_000, "b");
        Assert.Equal("enlist 102; entry(m2)", _p.Run(100_000));
    }

    [Fact]
    public void A_process_that_is_woken_without_a_token_writes_a_fence_and_keeps_its_own_one()
    {
        RestFrom(5010);
        Assert.Null(Wake(null, isFenced: false, 6000));
        Assert.Equal("entry", _p.Run(6000));
        Assert.False(Wake(null, isFenced: true, 6000));
        Assert.Equal("hand out(release 101)", _p.Tick(100_000));
    }

    [Fact]
    public void A_step_that_comes_with_the_fence_is_work()
    {
        Assert.Null(Wake(77, isFenced: false, 0));
        Assert.Equal("entry", _p.Run(0));
        _p.Send(0, "a");
        Assert.True(Wake(77, isFenced: true, 0));
    }

    [Fact]
    public void A_fence_that_fails_ends_the_incarnation()
    {
        Assert.Null(Wake(77, isFenced: false, 0));
        Assert.IsType<WriteWork<string, string>>(_p.It.TakeWork(Start));
        _p.It.Failed("another activation has written");
        Assert.NotNull(_p.It.Failure);
    }

    /// <summary>
    /// Its enlisting incarnation may still write its first record: the number of the empty record refuses it.
    /// </summary>
    [Fact]
    public void A_newcomer_that_is_woken_stores_and_joins_before_it_says_that_it_has_nothing_to_do()
    {
        var p = new ParticipantUnderTest();
        Assert.Null(p.It.Wake(new WorkToken(77), isFenced: false, Start));
        Assert.StartsWith("look up; checkpoint; register; entry", p.Run(0), StringComparison.Ordinal);
        Assert.Equal(p.It.Revision, p.It.DurableRevision);
        Assert.False(p.It.Wake(new WorkToken(77), isFenced: true, Start));
    }

    private bool? Wake(long? token, bool isFenced, long now) =>
        _p.It.Wake(token is { } value ? new WorkToken(value) : null, isFenced, new(now));

    /// <summary>A message is sent and acknowledged, and from that time on nothing is left to do.</summary>
    private void RestFrom(long now)
    {
        _p.Send(0, "a");
        Assert.Equal("enlist 101; entry(m1)", _p.Run(0));
        _p.Acknowledge(10, 1, "a");
        Assert.Equal("entry", _p.Tick(now));
    }
}
