using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class RecordingTests
{
    private readonly Recording<string, string> _recording = new(Local(Q, [(P, 4)], [(P, 3), (R, 0)]), ordinal: 1);

    [Fact]
    public void Every_channel_of_the_cut_starts_recording()
    {
        Assert.False(_recording.IsClosed(P));
        Assert.False(_recording.IsClosed(R));
        Assert.Equal(
            [ChannelRecordingStatus.Recording, ChannelRecordingStatus.Recording],
            _recording.ToRecord().Channels.Select(channel => channel.Status));
    }

    [Fact]
    public void The_local_report_is_unaccepted_at_once() => Assert.IsType<LocalReport<string>>(Assert.Single(_recording.UnacceptedReports(9)));

    [Fact]
    public void A_closed_channel_reports_its_messages_in_order_from_the_count_at_the_cut()
    {
        _recording.Record(P, "a", 9);
        _recording.Record(P, "b", 9);
        Assert.Equal(Render.Text(Channel(P, Q, 3, ["a", "b"])), Render.Text(_recording.Close(P)));
        Assert.True(_recording.IsClosed(P));
        Assert.False(_recording.IsClosed(R));
    }

    [Fact]
    public void An_empty_channel_is_settled_without_a_report()
    {
        Assert.Null(_recording.Close(P));
        Assert.Equal(ChannelRecordingStatus.Settled, _recording.ToRecord().Channels[0].Status);
    }

    [Fact]
    public void Nothing_is_added_to_a_closed_channel()
    {
        _recording.Record(P, "a", 9);
        _recording.Close(P);
        _recording.Record(P, "b", 9);
        Assert.Equal(["a"], _recording.ToRecord().Channels[0].Messages);
    }

    [Fact]
    public void A_channel_that_appears_after_the_cut_records_from_its_first_message()
    {
        var late = new ProcessId("late");
        _recording.OpenChannel(late);
        _recording.Record(late, "a", 9);
        Assert.Equal(Render.Text(Channel(late, Q, 0, ["a"])), Render.Text(_recording.Close(late)));
    }

    [Fact]
    public void Reports_are_repeated_in_a_fixed_order_until_accepted()
    {
        _recording.Record(R, "c", 9);
        _recording.Record(P, "a", 9);
        _recording.Close(R);
        _recording.Close(P);
        var reports = _recording.UnacceptedReports(9).ToList();
        Assert.Equal("LocalReport ChannelReport p ChannelReport r", Names(reports));
        Assert.Equal(Render.Text(reports), Render.Text(_recording.UnacceptedReports(9)));
        Assert.True(_recording.Accept(reports[1]));
        Assert.Equal("LocalReport ChannelReport r", Names(_recording.UnacceptedReports(9)));
        Assert.True(_recording.Accept(reports[0]));
        Assert.True(_recording.Accept(reports[2]));
        Assert.Empty(_recording.UnacceptedReports(9));
    }

    [Fact]
    public void Accepting_frees_the_messages_and_accepting_again_changes_nothing()
    {
        _recording.Record(P, "a", 9);
        var report = _recording.Close(P)!;
        Assert.True(_recording.Accept(report));
        var record = _recording.ToRecord();
        Assert.Empty(record.Channels[0].Messages);
        Assert.False(_recording.Accept(report));
        Assert.Same(record, _recording.ToRecord());
    }

    [Fact]
    public void What_was_never_reported_cannot_be_accepted()
    {
        Assert.False(_recording.Accept(Channel(P, Q, 3, ["a"])));
        Assert.False(_recording.Accept(Channel(new ProcessId("stranger"), Q, 3, ["a"])));
        Assert.False(_recording.Accept(new OverflowReport(Snapshot(1), Epoch.First, Q, 9)));
        Assert.False(_recording.IsClosed(P));
    }

    [Fact]
    public void The_limit_may_be_reached_and_one_more_message_overflows_once()
    {
        Assert.Null(_recording.Record(P, "a", 2));
        Assert.Null(_recording.Record(R, "b", 2));
        Assert.Equal(new OverflowReport(Snapshot(1), Epoch.First, Q, 2), _recording.Record(P, "c", 2));
        Assert.Null(_recording.Record(P, "d", 2));
        Assert.All(_recording.ToRecord().Channels, channel => Assert.Empty(channel.Messages));
        Assert.Null(_recording.Close(P));
    }

    [Fact]
    public void An_overflow_is_repeated_until_accepted()
    {
        _recording.Record(P, "a", 1);
        var overflow = _recording.Record(P, "b", 1)!;
        Assert.Equal("LocalReport OverflowReport", Names(_recording.UnacceptedReports(1)));
        Assert.True(_recording.Accept(overflow));
        Assert.False(_recording.Accept(overflow));
        Assert.Equal("LocalReport", Names(_recording.UnacceptedReports(1)));
        Assert.True(_recording.ToRecord() is { Overflow: true, OverflowAccepted: true });
    }

    /// <summary>
    /// (1) p's channel closes with a message, its report is not yet accepted; (2) r's channel overflows and all
    /// messages are freed; (3) reports are repeated. A report of p's channel without its messages would be taken for
    /// the channel's state.
    /// </summary>
    [Fact]
    public void After_an_overflow_no_channel_is_reported_without_its_messages()
    {
        _recording.Record(P, "a", 1);
        _recording.Close(P);
        _recording.Record(R, "b", 1);
        Assert.Equal("LocalReport OverflowReport", Names(_recording.UnacceptedReports(1)));
        Assert.True(_recording.IsClosed(P));
    }

    /// <summary>
    /// (1) p's channel records up to the limit and closes; (2) the collector accepts it, which frees the messages; (3)
    /// a message comes on r's channel. The limit is of messages kept, and the process restored between (2) and (3)
    /// knows no others.
    /// </summary>
    [Fact]
    public void Messages_that_were_accepted_no_longer_count_against_the_limit_restored_or_not()
    {
        _recording.Record(P, "a", 1);
        _recording.Accept(_recording.Close(P)!);
        var restored = new Recording<string, string>(_recording.ToRecord(), Epoch.First, Q);
        Assert.Null(restored.Record(R, "b", 1));
        Assert.Null(_recording.Record(R, "b", 1));
        Assert.NotNull(restored.Record(R, "c", 1));
        Assert.NotNull(_recording.Record(R, "c", 1));
    }

    [Fact]
    public void A_restored_recording_goes_on_where_it_was()
    {
        _recording.Record(P, "a", 9);
        _recording.Record(R, "c", 9);
        _recording.Close(R);
        var restored = new Recording<string, string>(_recording.ToRecord(), Epoch.First, Q);
        Assert.Equal(Render.Text(_recording.ToRecord()), Render.Text(restored.ToRecord()));
        Assert.Equal(Render.Text(_recording.UnacceptedReports(9)), Render.Text(restored.UnacceptedReports(9)));
        restored.Record(P, "b", 9);
        Assert.Equal(["a", "b"], restored.Close(P)!.Messages);
    }

    private static string Names(IEnumerable<Report> reports) => string.Join(
        ' ', reports.Select(report => report is ChannelReport<string> channel ? $"ChannelReport {channel.Source}" : report.GetType().Name.Split('`')[0]));
}
