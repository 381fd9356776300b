namespace Snapshots.Grains.Tests;

public sealed class AskScheduleTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void All_who_are_missing_are_asked_again_and_again_with_pauses_that_grow_to_a_second()
    {
        var schedule = new AskSchedule(_time);
        var pauses = new List<double>();
        for (var round = 0; round < 6; round++)
        {
            var pause = schedule.Pause;
            pauses.Add(pause.TotalMilliseconds);
            _time.Advance(pause - TimeSpan.FromTicks(1));
            Assert.False(schedule.IsDue(missesLocalStates: true));
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.True(schedule.IsDue(missesLocalStates: true));
        }

        Assert.Equal([20, 200, 400, 800, 1000, 1000], pauses);
    }

    /// <summary>To ask a hundred thousand takes seconds, and their reports take as long to come.</summary>
    [Theory]
    [InlineData(300, 300)]
    [InlineData(5000, 1000)]
    public void A_pause_begins_when_all_have_been_asked_and_is_no_shorter_than_that_took(int tookMs, int pauseMs)
    {
        var schedule = new AskSchedule(_time);
        _time.Advance(schedule.Pause);
        Assert.True(schedule.IsDue(missesLocalStates: true));
        _time.Advance(TimeSpan.FromMilliseconds(tookMs));
        schedule.Asked();
        Assert.Equal(pauseMs, schedule.Pause.TotalMilliseconds);
        _time.Advance(schedule.Pause - TimeSpan.FromTicks(1));
        Assert.False(schedule.IsDue(missesLocalStates: true));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(schedule.IsDue(missesLocalStates: true));
    }

    [Fact]
    public void When_nobody_is_missing_receivers_are_asked_once_a_second()
    {
        var schedule = new AskSchedule(_time);
        for (var round = 0; round < 3; round++)
        {
            _time.Advance(AskSchedule.MaxPause - TimeSpan.FromTicks(1));
            Assert.False(schedule.IsDue(missesLocalStates: false));
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.True(schedule.IsDue(missesLocalStates: false));
        }
    }
}
