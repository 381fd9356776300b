namespace Snapshots.Simulator.Tests;

public sealed class ScheduleTextTests
{
    [Fact]
    public void A_schedule_prints_the_same_text_every_time()
    {
        var (lines, broken) = ScheduleText.Of(5);
        Assert.Equal(lines, ScheduleText.Of(5).Lines);
        Assert.Null(broken);
        Assert.StartsWith("seed 5: ", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_a_line_for_each_event_and_a_column_for_each_process()
    {
        var lines = TraceText.Lines(HandMade.Trace(HandMade.Run)).ToList();
        Assert.Equal(1 + HandMade.Run.Length, lines.Count);
        var (a, b) = (lines[0].IndexOf(" a ", StringComparison.Ordinal) + 1, lines[0].LastIndexOf('b'));
        Assert.Equal(a, lines[3].IndexOf("request: (70+0) pays b 30", StringComparison.Ordinal));
        Assert.Equal(b, lines[9].IndexOf("==== cut 1 ==== (0+0)", StringComparison.Ordinal));
        Assert.Contains("---- snapshot 1 completed: a (70+0), b (0+0), a->b [30] ----", lines[16], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void A_step_that_a_crash_took_away_is_marked()
    {
        var lost = HandMade.Pay with { IsLost = true };
        Assert.Contains("~ request", TraceText.Lines(HandMade.Trace([lost])).Last(), StringComparison.Ordinal);
    }
}
