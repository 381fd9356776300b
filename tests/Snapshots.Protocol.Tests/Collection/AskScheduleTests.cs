namespace Snapshots.Protocol.Tests;

public sealed class AskScheduleTests
{
    [Fact]
    public void Missing_processes_are_asked_again_and_again_with_pauses_that_grow_to_a_second()
    {
        var now = new Instant(5);
        var schedule = new AskSchedule(CollectionPace.Default, now);
        var pauses = new List<long>();
        for (var round = 0; round < 6; round++)
        {
            var due = schedule.DueAt(missesLocalStates: true);
            pauses.Add(due.Milliseconds - now.Milliseconds);
            now = due;
            schedule.Begin(missesLocalStates: true, now);
        }

        Assert.Equal([20, 200, 400, 800, 1000, 1000], pauses);
    }

    /// <summary>To ask a hundred thousand takes seconds, and their reports take as long to come.</summary>
    [Theory]
    [InlineData(300, 300)]
    [InlineData(5000, 1000)]
    public void A_pause_begins_when_all_have_been_asked_and_is_no_shorter_than_that_took(int tookMs, int pauseMs)
    {
        var schedule = new AskSchedule(CollectionPace.Default, default);
        schedule.Begin(missesLocalStates: true, new(20));
        schedule.End(new(20 + tookMs));
        Assert.Equal(new Instant(20 + tookMs + pauseMs), schedule.DueAt(missesLocalStates: true));
    }

    [Fact]
    public void When_no_local_state_is_missing_receivers_are_asked_once_a_second()
    {
        var schedule = new AskSchedule(CollectionPace.Default, default);
        Assert.Equal(new Instant(1000), schedule.DueAt(missesLocalStates: false));
        schedule.Begin(missesLocalStates: false, new(1000));
        Assert.Equal(new Instant(2000), schedule.DueAt(missesLocalStates: false));
    }
}
