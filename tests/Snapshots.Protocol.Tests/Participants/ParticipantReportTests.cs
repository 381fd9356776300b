using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>
/// Reports are repeated until each has got its receipt, and at once for a collection that may have lost them.
/// </summary>
public sealed class ParticipantReportTests
{
    private static readonly ReportKey Local1 = new(ReportKind.Local, Snapshot(1), Epoch.First, default);
    private static readonly ReportKey Channel1 = new(ReportKind.Channel, Snapshot(1), Epoch.First, Q);

    private readonly ParticipantUnderTest _p = ParticipantUnderTest.Joined();

    [Fact]
    public void A_report_is_repeated_with_growing_pauses()
    {
        Ask(1, 0);
        Assert.Equal("entry(local 1)", _p.Run(0));
        foreach (var due in new[] { 2000, 6000, 14_000, 30_000, 62_000, 94_000 })
        {
            Assert.DoesNotContain("local", _p.Tick(due - 1), StringComparison.Ordinal);
            Assert.Equal("hand out(local 1)", _p.Tick(due));
        }
    }

    [Fact]
    public void A_new_report_leaves_alone_and_does_not_put_off_the_repetition_of_all()
    {
        Ask(1, 0);
        _p.It.Receive(Message(Q, P, 1, 1, "x"), Start);
        Assert.Equal("entry(ack q1, local 1)", _p.Run(0));
        _p.It.Receive(Marker(Q, P, 2, 1, 1), new Instant(1500));
        Assert.Equal("entry(ack q2, channel 1 q)", _p.Run(1500));
        Assert.Equal("hand out(local 1, channel 1 q)", _p.Tick(2000));
    }

    [Fact]
    public void Only_what_got_no_receipt_is_repeated_and_nothing_once_all_have_got_one()
    {
        Ask(1, 0);
        _p.It.Receive(Message(Q, P, 1, 1, "x"), Start);
        _p.It.Receive(Marker(Q, P, 2, 1, 1), Start);
        Assert.Equal("entry(ack q2, local 1, channel 1 q)", _p.Run(0));
        _p.It.Accept(new HashSet<ReportKey> { Local1 }, new(10));
        Assert.Equal("entry(channel 1 q)", _p.Tick(2000)); // The receipt is written along.
        _p.It.Accept(new HashSet<ReportKey> { Channel1 }, new(2010));
        Assert.Empty(_p.It.UnacceptedReports());
        Assert.Equal(string.Empty, _p.Tick(32_000)); // It only keeps the process in memory.
        Assert.Equal("entry", _p.Tick(32_010));
        Assert.Equal(ChannelRecordingStatus.Settled, Assert.Single(_p.Stored.Recordings[0].Channels).Status);
    }

    [Fact]
    public void A_report_of_a_snapshot_that_has_ended_is_not_repeated()
    {
        Ask(1, 0);
        Assert.Equal("entry(local 1)", _p.Run(0));
        _p.It.Learn(Announcement(1), new(10));
        Assert.Equal(new Instant(5010), _p.It.DueAt);
        Assert.Equal("entry", _p.Tick(5010));
        Assert.Null(_p.It.DueAt);
    }

    [Fact]
    public void A_process_that_is_asked_repeats_what_was_reported_two_seconds_ago_whatever_it_has_repeated_before()
    {
        Ask(1, 0);
        Assert.Equal("entry(local 1)", _p.Run(0));
        Ask(1, 1999);
        Assert.Equal(string.Empty, _p.Run(1999));
        for (var now = 2000; now < 40_000; now += 2000)
        {
            Ask(1, now);
            Assert.Equal("hand out(local 1)", _p.Run(now));
        }
    }

    [Fact]
    public void A_process_that_is_asked_for_what_got_its_receipt_has_nothing_to_repeat()
    {
        Ask(1, 0);
        _p.Run(0);
        _p.It.Accept(new HashSet<ReportKey> { Local1 }, Start);
        _p.It.RequireDurable(Start);
        _p.Run(0);
        Ask(1, 10_000);
        Assert.Equal(string.Empty, _p.Run(10_000));
    }

    [Fact]
    public void A_question_of_an_earlier_epoch_is_not_obeyed()
    {
        _p.It.Ask(Snapshot(1), default, Announcement(1, 1), Start);
        Assert.Empty(_p.It.OpenRecordings);
        Assert.Equal(string.Empty, _p.Run(0));
    }

    /// <summary>
    /// (1) Another activation applies the part of a restore; (2) this one is stale, and open in the old epoch. Without a
    /// write it would never find out, and no snapshot of the new epoch would complete.
    /// </summary>
    [Fact]
    public void A_question_of_a_later_epoch_is_not_obeyed_and_asks_for_a_fence()
    {
        _p.It.Ask(Snapshot(1), new Epoch(2), Announcement(1, 1), Start);
        Assert.Empty(_p.It.OpenRecordings);
        Assert.False(Assert.IsType<WriteWork<string, string>>(_p.It.TakeWork(Start)).IsEmpty);
        _p.It.Failed("refused: another activation has written");
        Assert.NotNull(_p.It.Failure);
    }

    [Fact]
    public void The_next_incarnation_reports_again_what_got_no_receipt()
    {
        Ask(1, 0);
        _p.Run(0);
        var next = _p.Next(now: 100);
        Assert.Equal(new Instant(100), next.It.DueAt);
        Assert.Equal("hand out(local 1)", next.Tick(100));
    }

    private void Ask(long snapshot, long now) =>
        _p.It.Ask(Snapshot(snapshot), Epoch.First, Announcement(snapshot, snapshot), new(now));
}
