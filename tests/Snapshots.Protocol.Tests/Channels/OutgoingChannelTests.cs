using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class OutgoingChannelTests
{
    private static readonly ProtocolLimits Limits = new() { FirstResendPauseMs = 10, MaxResendPauseMs = 40, MaxFramesPerResend = 2 };
    private readonly OutgoingChannel<string> _channel = new(Q);

    [Fact]
    public void A_new_channel_has_sent_nothing_and_is_never_due()
    {
        Assert.Equal((0, 0, 0), (_channel.Sent.Value, _channel.Last.Value, _channel.UnacknowledgedFrames));
        Assert.Null(_channel.ResendAt);
        Assert.Empty(_channel.TakeDue(new Instant(long.MaxValue / 2), Limits));
    }

    [Fact]
    public void Messages_and_markers_share_the_frame_numbers_and_only_messages_are_counted()
    {
        var entries = new[] { Send("a"), Mark(1), Send("b") };
        Assert.Equal([1, 2, 3], entries.Select(entry => entry.First.Value));
        Assert.Equal(entries.Select(entry => entry.First), entries.Select(entry => entry.Last));
        Assert.Equal(new MarkerContent<string>(Snapshot(1), new(1)), entries[1].Content);
        Assert.Equal(new MessageContent<string>(new(2), "b"), entries[2].Content);
        Assert.Equal((2, 3), (_channel.Sent.Value, _channel.Last.Value));
    }

    [Fact]
    public void The_digest_runs_over_the_messages_and_passes_markers_by()
    {
        var entries = new[] { Send("a"), Mark(1), Send("b") };
        Assert.Equal([DigestOf("a"), DigestOf("a"), DigestOf("a", "b")], entries.Select(entry => entry.DigestAfter));
    }

    [Fact]
    public void The_digest_goes_on_from_what_is_acknowledged()
    {
        Send("a");
        Assert.Null(Acknowledge(1, DigestOf("a")));
        Assert.Equal(DigestOf("a", "b"), Send("b").DigestAfter);
    }

    [Fact]
    public void An_acknowledgement_drops_everything_up_to_it()
    {
        Send("a");
        Send("b");
        Send("c");
        Assert.Null(Acknowledge(2, DigestOf("a", "b")));
        Assert.Equal((1, 2), (_channel.UnacknowledgedFrames, _channel.Acknowledged.Value));
    }

    [Fact]
    public void An_overtaken_or_repeated_acknowledgement_changes_nothing()
    {
        Send("a");
        Send("b");
        Acknowledge(2, DigestOf("a", "b"));
        var record = _channel.ToRecord();
        Assert.Null(Acknowledge(1, DigestOf("a")));
        Assert.Null(Acknowledge(2, DigestOf("a", "b")));
        Assert.Same(record, _channel.ToRecord());
    }

    [Fact]
    public void The_last_frame_may_be_acknowledged_and_one_past_it_is_a_fault()
    {
        Send("a");
        var record = _channel.ToRecord();
        Assert.Equal(ChannelFaultKind.SenderWentBack, Acknowledge(2, DigestOf("a"))?.Kind);
        Assert.Same(record, _channel.ToRecord());
        Assert.Null(Acknowledge(1, DigestOf("a")));
        Assert.Equal(0, _channel.UnacknowledgedFrames);
    }

    [Fact]
    public void Another_digest_is_a_fault_and_changes_nothing()
    {
        Send("a");
        var record = _channel.ToRecord();
        Assert.Equal(ChannelFaultKind.DigestMismatch, Acknowledge(1, DigestOf("b"))?.Kind);
        Assert.Same(record, _channel.ToRecord());
    }

    [Fact]
    public void Markers_of_ended_snapshots_become_one_void_run_and_messages_stay()
    {
        Mark(1);
        Mark(2);
        Send("a");
        Mark(3);
        Mark(4);
        Assert.True(_channel.VoidMarkers(Announcement(4, 4)));
        Assert.Equal("1-2 VoidContent, 3-3 MessageContent, 4-4 VoidContent, 5-5 MarkerContent", Entries());
    }

    [Fact]
    public void Runs_that_meet_later_become_one()
    {
        Mark(1);
        Mark(2);
        Mark(3);
        Assert.True(_channel.VoidMarkers(Announcement(3, 2)));
        Assert.Equal("1-1 VoidContent, 2-2 MarkerContent, 3-3 VoidContent", Entries());
        Assert.True(_channel.VoidMarkers(Announcement(3)));
        Assert.Equal("1-3 VoidContent", Entries());
    }

    [Fact]
    public void Nothing_is_voided_while_the_snapshots_are_open()
    {
        Mark(1);
        var record = _channel.ToRecord();
        Assert.False(_channel.VoidMarkers(Announcement(1, 1)));
        Assert.Same(record, _channel.ToRecord());
    }

    [Fact]
    public void A_void_run_acknowledged_in_part_keeps_the_rest()
    {
        Send("a");
        Mark(1);
        Mark(2);
        Mark(3);
        _channel.VoidMarkers(Announcement(3));
        Assert.Null(Acknowledge(3, DigestOf("a")));
        Assert.Equal("4-4 VoidContent", Entries());
        Assert.Null(Acknowledge(4, DigestOf("a")));
        Assert.Equal(DigestOf("a", "b"), Send("b").DigestAfter);
    }

    [Fact]
    public void What_is_due_is_sent_again_after_pauses_that_double_up_to_the_bound()
    {
        Send("a");
        var times = new List<long>();
        for (var round = 0; round < 5; round++)
        {
            var due = _channel.ResendAt!.Value;
            times.Add(due.Milliseconds);
            Assert.Empty(_channel.TakeDue(new Instant(due.Milliseconds - 1), Limits));
            Assert.Single(_channel.TakeDue(due, Limits));
        }

        Assert.Equal([10, 30, 70, 110, 150], times);
    }

    [Fact]
    public void Progress_makes_the_pause_short_again()
    {
        Send("a");
        Send("b");
        _channel.TakeDue(new Instant(10), Limits);
        _channel.TakeDue(new Instant(30), Limits);
        _channel.Acknowledge(new(1), new Instant(31), Limits);
        Assert.Equal(new Instant(41), _channel.ResendAt);
        _channel.Acknowledge(new(2), new Instant(32), Limits);
        Assert.Null(_channel.ResendAt);
    }

    [Fact]
    public void At_most_so_many_frames_are_sent_again_at_a_time_the_oldest_first()
    {
        Send("a");
        Send("b");
        Send("c");
        Assert.Equal([1, 2], _channel.TakeDue(new Instant(10), Limits).Select(entry => entry.First.Value));
    }

    [Fact]
    public void A_restored_channel_is_the_same_and_due_at_once_and_then_after_the_first_pause()
    {
        Send("a");
        Send("b");
        Acknowledge(1, DigestOf("a"));
        Mark(1);
        var restored = new OutgoingChannel<string>(_channel.ToRecord());
        Assert.Same(_channel.ToRecord(), restored.ToRecord());
        restored.MakeDue(new Instant(500));
        Assert.Equal([2, 3], restored.TakeDue(new Instant(500), Limits).Select(entry => entry.First.Value));
        Assert.Equal(new Instant(510), restored.ResendAt);
        Assert.Equal(4, restored.EnqueueMessage("c", 1, new Instant(500), Limits).First.Value);
    }

    [Fact]
    public void A_restored_channel_without_unacknowledged_frames_is_not_due()
    {
        Send("a");
        Acknowledge(1, DigestOf("a"));
        var restored = new OutgoingChannel<string>(_channel.ToRecord());
        restored.MakeDue(new Instant(500));
        Assert.Null(restored.ResendAt);
    }

    [Fact]
    public void A_change_has_the_frames_that_were_put_in_since_the_last_one_and_says_which_stay()
    {
        Send("a");
        Send("b");
        Assert.Equal((new FrameNumber(0), 2), Change());
        Assert.Equal((new FrameNumber(2), 0), Change());
        Send("c");
        Assert.Equal((new FrameNumber(2), 1), Change());
        Acknowledge(1, DigestOf("a"));
        Assert.Equal((new FrameNumber(3), 0), Change());
        Acknowledge(3, DigestOf("a", "b", "c"));
        Send("d");
        Assert.Equal((new FrameNumber(3), 1), Change());
        Send("e");
        _channel.Taken();
        Assert.Equal((new FrameNumber(5), 0), Change());
    }

    /// <summary>The run that a voided marker joins is another entry than the one that was written.</summary>
    [Fact]
    public void A_change_has_a_run_of_void_numbers_that_has_grown_and_all_after_it()
    {
        foreach (var snapshot in new[] { 1, 2, 3 }) Mark(snapshot);
        Send("a");
        _channel.VoidMarkers(Announcement(3, 2, 3));
        Assert.Equal((new FrameNumber(0), 4), Change());
        _channel.VoidMarkers(Announcement(3, 3));
        Assert.Equal("1-2 VoidContent, 3-3 MarkerContent, 4-4 MessageContent", Entries());
        Assert.Equal((new FrameNumber(0), 3), Change());
        _channel.VoidMarkers(Announcement(3));
        Assert.Equal((new FrameNumber(0), 2), Change());
    }

    [Fact]
    public void A_restored_channel_has_changed_by_nothing()
    {
        Send("a");
        var restored = new OutgoingChannel<string>(_channel.ToRecord());
        var change = restored.TakeChange();
        Assert.Equal((new FrameNumber(1), 0), (change.KeptUpTo, change.Entries.Length));
    }

    private (FrameNumber KeptUpTo, int Frames) Change() =>
        _channel.TakeChange() is var change ? (change.KeptUpTo, change.Entries.Length) : default;

    private OutboxEntry<string> Send(string text) =>
        _channel.EnqueueMessage(text, LogApplication.Instance.Fingerprint(text), Start, Limits);

    private OutboxEntry<string> Mark(long snapshot) => _channel.EnqueueMarker(Snapshot(snapshot), snapshot, Start, Limits);

    private ChannelFault? Acknowledge(long upTo, MessageDigest digest)
    {
        var acknowledgement = Acknowledgement(P, Q, upTo, digest);
        var fault = _channel.FindFault(acknowledgement);
        if (fault is null && !_channel.IsOvertaken(acknowledgement)) _channel.Acknowledge(new(upTo), Start, Limits);
        return fault;
    }

    private string Entries() => string.Join(
        ", ", _channel.ToRecord().Unacknowledged.Select(entry => $"{entry.First}-{entry.Last} {entry.Content.GetType().Name[..^2]}"));
}
