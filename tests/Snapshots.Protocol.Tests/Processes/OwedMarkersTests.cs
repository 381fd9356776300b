using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>Markers only where something is in transit; elsewhere they are owed.</summary>
public sealed class OwedMarkersTests
{
    private readonly TestProcess _p = Joined(P, markers: MarkerPolicy.Owed);
    private readonly TestProcess _q = Joined(Q, markers: MarkerPolicy.Owed);

    [Fact]
    public void A_cut_with_nothing_in_transit_sends_no_marker()
    {
        Exchange("a");
        Initiate(1);
        Assert.Equal(string.Empty, _p.TakeFrames().Shape());
        Assert.False(_p.HasUnacknowledgedFrames);
    }

    [Fact]
    public void A_cut_marks_each_channel_with_an_unacknowledged_message_at_once()
    {
        _p.Send(R, "x");
        Exchange("a");
        _p.TakeFrames();
        Initiate(1);
        var frame = Assert.Single(_p.TakeFrames());
        Assert.Equal((R, "s1@1"), (frame.Channel.Target, Shape(frame)));
    }

    [Fact]
    public void An_unacknowledged_marker_alone_draws_no_other_one()
    {
        _p.Send(Q, "a");
        Initiate(1);
        _p.TakeFrames();
        _p.Receive(Acknowledgement(P, Q, 1, DigestOf("a")), Start);
        Initiate(2);
        Assert.Equal(string.Empty, _p.TakeFrames().Shape());
    }

    [Fact]
    public void What_is_owed_goes_in_front_of_the_next_message_by_number()
    {
        Exchange("a");
        Initiate(2);
        Initiate(1);
        _p.Send(Q, "b", "c");
        Assert.Equal("s1@1 s2@1 m2 m3", _p.TakeFrames().Shape());
        _p.Send(Q, "d");
        Assert.Equal("m4", _p.TakeFrames().Shape());
    }

    [Fact]
    public void A_debt_ends_with_its_snapshot()
    {
        Exchange("a");
        Initiate(1);
        Initiate(2);
        _p.Learn(Announcement(2, 2));
        _p.Send(Q, "b");
        Assert.Equal("s2@1 m2", _p.TakeFrames().Shape());
    }

    [Fact]
    public void A_channel_that_opens_after_the_cut_owes_every_open_recording()
    {
        Initiate(1);
        _p.OpenChannel(Q, Start);
        Assert.Equal(string.Empty, _p.TakeFrames().Shape());
        _p.Send(Q, "a");
        Assert.Equal("s1@0 m1", _p.TakeFrames().Shape());
    }

    [Fact]
    public void Debts_survive_a_restart()
    {
        Exchange("a");
        Initiate(1);
        _p.Send(R, "x");
        Initiate(2);
        _p.TakeFrames();
        var again = new TestProcess(
            _p.ToRecord(), LogApplication.Instance, ChannelOpening.Directed, ProtocolLimits.Default, Start, MarkerPolicy.Owed);
        again.Send(Q, "b");
        again.Send(R, "y");
        Assert.Equal("s1@1 s2@1 m2 m2", again.TakeFrames().Shape());
    }

    [Fact]
    public void An_acknowledgement_names_what_its_sender_records()
    {
        _q.Initiate(Snapshot(3), Start);
        _q.Initiate(Snapshot(1), Start);
        _p.Send(Q, "a");
        _q.Receive(_p.TakeFrames());
        Assert.Equal([Snapshot(1), Snapshot(3)], Assert.Single(_q.TakeEffects().Acknowledgements).Recording);
    }

    /// <summary>
    /// (1) q cuts; (2) p sends a message, which q delivers and acknowledges; (3) p learns of the snapshot by that
    /// acknowledgement alone. Were it taken first, no marker would ever close the channel.
    /// </summary>
    [Fact]
    public void The_sender_records_before_it_takes_an_acknowledgement_out_of_a_record_with_the_recording()
    {
        _q.Initiate(Snapshot(1), Start);
        _p.Send(Q, "a");
        _q.Receive(_p.TakeFrames());
        _p.Receive(Assert.Single(_q.TakeEffects().Acknowledgements), Start);

        var effects = _p.TakeEffects();
        Assert.Equal("s1@1", effects.Frames.Shape());
        Assert.Equal([(Q, 1L)], Assert.Single(effects.Reports.OfType<LocalReport<string>>()).Sent.Select(each => (each.Peer, each.Count.Value)));
        _q.Receive(effects.Frames);
        Assert.Equal(["a"], Assert.Single(_q.TakeReports().OfType<ChannelReport<string>>()).Messages);
        Assert.Equal(new FrameNumber(1), _p.OutgoingTo(Q)!.Acknowledged);
    }

    [Fact]
    public void An_acknowledgement_starts_no_snapshot_that_has_ended_or_is_recorded()
    {
        _p.Send(Q, "a", "b");
        _p.TakeFrames();
        _p.Learn(Announcement(1));
        Initiate(2);
        _p.TakeEffects();
        _p.Receive(Acknowledgement(P, Q, 1, DigestOf("a")) with { Recording = [Snapshot(1), Snapshot(2)] }, Start);
        Assert.Equal([Snapshot(2)], _p.OpenRecordings);
        Assert.Empty(_p.TakeReports());
    }

    [Fact]
    public void An_acknowledgement_that_asks_for_one_recording_too_many_is_not_taken()
    {
        var p = Joined(P, limits: ProtocolLimits.Default with { MaxOpenRecordings = 1 }, markers: MarkerPolicy.Owed);
        p.Send(Q, "a");
        p.Initiate(Snapshot(1), Start);
        p.Receive(Acknowledgement(P, Q, 1, DigestOf("a")) with { Recording = [Snapshot(2)] }, Start);
        Assert.Equal([Snapshot(1)], p.OpenRecordings);
        Assert.Equal((default(FrameNumber), 1), (p.OutgoingTo(Q)!.Acknowledged, p.Counters.Dropped));
    }

    [Fact]
    public void An_impossible_or_overtaken_acknowledgement_starts_nothing()
    {
        _p.Send(Q, "a");
        _p.Receive(Acknowledgement(P, Q, 2, DigestOf("a")) with { Recording = [Snapshot(1)] }, Start);
        _p.Receive(Acknowledgement(P, Q, 1, DigestOf("b")) with { Recording = [Snapshot(1)] }, Start);
        Assert.Equal(
            [ChannelFaultKind.SenderWentBack, ChannelFaultKind.DigestMismatch], _p.TakeEffects().Faults.Select(fault => fault.Kind));
        _p.Receive(Acknowledgement(P, Q, 1, DigestOf("a")), Start);
        _p.Receive(Acknowledgement(P, Q, 1, DigestOf("a")) with { Recording = [Snapshot(1)] }, Start);
        Assert.Empty(_p.OpenRecordings);
    }

    [Fact]
    public void A_process_that_marks_every_channel_starts_recording_by_markers_alone()
    {
        var p = Joined(P);
        p.Send(Q, "a");
        p.Receive(Acknowledgement(P, Q, 1, DigestOf("a")) with { Recording = [Snapshot(1)] }, Start);
        Assert.Empty(p.OpenRecordings);
        Assert.Equal(new FrameNumber(1), p.OutgoingTo(Q)!.Acknowledged);
    }

    /// <summary>p sends to q, which delivers and acknowledges; what else p sent before stays as it is.</summary>
    private void Exchange(params string[] messages)
    {
        _p.Send(Q, messages);
        _q.Receive(_p.TakeFrames());
        foreach (var each in _q.TakeEffects().Acknowledgements) _p.Receive(each, Start);
    }

    private void Initiate(long snapshot) => _p.Initiate(Snapshot(snapshot), Start);

    private static string Shape(Frame<string> frame) => new[] { frame }.Shape();
}
