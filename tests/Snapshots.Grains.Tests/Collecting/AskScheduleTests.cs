using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class AskScheduleTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void The_initiator_is_asked_first_and_alone() =>
        Assert.Equal([Given.Bob], new AskSchedule(_time).Next(Given.Bob, [Given.Alice, Given.Bob], []));

    [Fact]
    public void An_initiator_that_is_not_missing_is_replaced() =>
        Assert.Equal([Given.Alice], new AskSchedule(_time).Next(Given.Bob, [Given.Alice], []));

    [Fact]
    public void Nobody_is_asked_when_nobody_is_missing() => Assert.Empty(new AskSchedule(_time).Next(Given.Bob, [], []));

    [Fact]
    public void All_who_are_missing_are_asked_again_and_again_with_pauses_that_grow_to_a_second()
    {
        ProcessId[] missing = [Given.Alice, Given.Bob];
        var schedule = new AskSchedule(_time);
        schedule.Next(Given.Bob, missing, []);
        var pauses = new List<double>();
        for (var round = 0; round < 9; round++)
        {
            var pause = schedule.Pause;
            pauses.Add(pause.TotalMilliseconds);
            _time.Advance(pause - TimeSpan.FromTicks(1));
            Assert.Empty(schedule.Next(Given.Bob, missing, []));
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.Equal(missing, schedule.Next(Given.Bob, missing, []));
        }

        Assert.Equal([20, 40, 80, 160, 320, 640, 1000, 1000, 1000], pauses);
    }

    /// <summary>To ask a hundred thousand takes seconds, and their reports take as long to come.</summary>
    [Theory]
    [InlineData(300, 300)]
    [InlineData(5000, 1000)]
    public void A_pause_begins_when_all_have_been_asked_and_is_no_shorter_than_that_took(int tookMs, int pauseMs)
    {
        ProcessId[] missing = [Given.Alice, Given.Bob];
        var schedule = new AskSchedule(_time);
        schedule.Next(Given.Bob, missing, []);
        _time.Advance(schedule.Pause);
        schedule.Next(Given.Bob, missing, []);
        _time.Advance(TimeSpan.FromMilliseconds(tookMs));
        schedule.Asked();
        Assert.Equal(pauseMs, schedule.Pause.TotalMilliseconds);
        _time.Advance(schedule.Pause - TimeSpan.FromTicks(1));
        Assert.Empty(schedule.Next(Given.Bob, missing, []));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(missing, schedule.Next(Given.Bob, missing, []));
    }

    [Fact]
    public void An_initiator_that_does_not_answer_holds_nobody_else_up()
    {
        ProcessId[] missing = [Given.Alice, Given.Bob];
        var schedule = new AskSchedule(_time);
        schedule.Next(Given.Bob, missing, []);
        _time.Advance(AskSchedule.MaxWaitForAnswers);
        schedule.Asked();
        Assert.Equal(missing, schedule.Next(Given.Bob, missing, []));
    }

    [Fact]
    public void When_nobody_is_missing_receivers_are_asked_once_a_second()
    {
        var schedule = new AskSchedule(_time);
        schedule.Next(Given.Bob, [Given.Bob], []);
        for (var round = 0; round < 3; round++)
        {
            _time.Advance(AskSchedule.MaxPause - TimeSpan.FromTicks(1));
            Assert.Empty(schedule.Next(Given.Bob, [], [Given.Alice]));
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.Equal([Given.Alice], schedule.Next(Given.Bob, [], [Given.Alice]));
        }
    }
}
