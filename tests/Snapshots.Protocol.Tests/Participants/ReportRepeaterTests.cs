using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class ReportRepeaterTests
{
    private static readonly Report First = Local(P, [], [], snapshot: 1);
    private static readonly Report Second = Local(P, [], [], snapshot: 2);

    private readonly ReportRepeater _reports = new(new Backoff(10, 40));
    private readonly List<Report> _unaccepted = [];

    [Fact]
    public void New_reports_are_sent_and_due_again_after_the_first_pause()
    {
        Assert.Equal([First], Take(0, First));
        Assert.Equal(new Instant(10), _reports.RepeatAt);
        Assert.Empty(Take(5));
        Assert.False(_reports.Tick(new(9)));
        Assert.True(_reports.Tick(new(10)));
        Assert.Equal([First], Take(10));
        Assert.Equal(new Instant(30), _reports.RepeatAt); // The pause is doubled.
    }

    [Fact]
    public void A_new_report_makes_the_pauses_short_again_and_does_not_put_off_what_is_due()
    {
        Take(0, First);
        _reports.Tick(new(10));
        Take(10);
        Assert.Equal([Second], Take(25, Second));
        Assert.Equal(new Instant(30), _reports.RepeatAt);
        _reports.Tick(new(30));
        Assert.Equal([First, Second], Take(30));
        Assert.Equal(new Instant(50), _reports.RepeatAt);
    }

    [Fact]
    public void All_are_sent_with_a_new_one_when_they_are_due()
    {
        Take(0, First);
        _reports.RepeatNow();
        Assert.Equal([First, Second], Take(3, Second));
    }

    [Fact]
    public void Nothing_is_due_once_all_have_got_their_receipt()
    {
        Take(0, First);
        _unaccepted.Clear();
        _reports.RepeatNow();
        Assert.Empty(Take(5));
        Assert.Null(_reports.RepeatAt);
        Take(6, First);
        _reports.Rest();
        Assert.Null(_reports.RepeatAt);
        Assert.False(_reports.Tick(new(1000)));
    }

    [Fact]
    public void A_question_may_repeat_what_was_sent_a_first_pause_ago()
    {
        Assert.True(_reports.MayRepeat(Start)); // Another incarnation may have sent it.
        Take(0, First);
        Assert.False(_reports.MayRepeat(new(9)));
        Assert.True(_reports.MayRepeat(new(10)));
        _reports.RepeatNow();
        Take(10);
        Assert.False(_reports.MayRepeat(new(19)));
    }

    private ImmutableArray<Report> Take(long now, params Report[] fresh)
    {
        _unaccepted.AddRange(fresh);
        return _reports.Take([.. fresh], () => _unaccepted, new(now));
    }
}
