using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>Impossible input from the network is returned as a fault and changes nothing.</summary>
public sealed class ProcessFaultTests
{
    [Fact]
    public void A_frame_whose_sender_holds_more_acknowledgements_than_were_delivered()
    {
        var p = Joined(P);
        p.Receive(Message(Q, P, 1, 1, "a"), Start);
        var fault = Unchanged.ButAFault(
            p, ChannelFaultKind.ReceiverWentBack, () => p.Receive(Message(Q, P, 3, 3, "c", acknowledged: 2), Start));
        Assert.Equal((new ChannelId(Q, P), "frame 2 acknowledged, 1 delivered"), (fault.Channel, fault.Detail));
        p.Receive(Message(Q, P, 2, 2, "b", acknowledged: 1), Start);
        Assert.Equal("q:a;q:b;", p.State);
    }

    [Theory]
    [InlineData(ChannelOpening.Directed)]
    [InlineData(ChannelOpening.Pair)]
    public void A_first_frame_that_is_impossible_does_not_open_the_channel(ChannelOpening opening)
    {
        var p = Joined(P, opening);
        p.Initiate(Snapshot(1), Start);
        Unchanged.ButAFault(p, ChannelFaultKind.ReceiverWentBack, () => p.Receive(Message(Q, P, 2, 1, "a", acknowledged: 1), Start));
        Unchanged.ButAFault(p, ChannelFaultKind.CountMismatch, () => p.Receive(Message(Q, P, 1, 2, "a"), Start));
        Unchanged.ButAFault(p, ChannelFaultKind.CountMismatch, () => p.Receive(Marker(Q, P, 1, 1, 1), Start));
        Assert.Null(p.IncomingFrom(Q));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_message_whose_count_is_not_the_next(long number)
    {
        var p = Joined(P);
        p.Receive(Message(Q, P, 1, 1, "a"), Start);
        Unchanged.ButAFault(p, ChannelFaultKind.CountMismatch, () => p.Receive(Message(Q, P, 2, number, "b"), Start));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_marker_whose_count_is_not_that_of_the_messages_delivered(long sentBefore)
    {
        var p = Joined(P);
        p.Receive(Message(Q, P, 1, 1, "a"), Start);
        Unchanged.ButAFault(p, ChannelFaultKind.CountMismatch, () => p.Receive(Marker(Q, P, 2, 1, sentBefore), Start));
    }

    [Fact]
    public void A_marker_of_an_ended_snapshot_is_checked_too()
    {
        var p = Joined(P);
        p.Receive(Message(Q, P, 1, 1, "a"), Start);
        p.Learn(Announcement(1));
        Unchanged.ButAFault(p, ChannelFaultKind.CountMismatch, () => p.Receive(Marker(Q, P, 2, 1, 0), Start));
    }

    [Fact]
    public void An_acknowledgement_of_a_frame_that_was_not_sent()
    {
        var p = Joined(P);
        Unchanged.ButAFault(p, ChannelFaultKind.SenderWentBack, () => p.Receive(Acknowledgement(P, Q, 1, default), Start));
        p.Send(Q, "a");
        Unchanged.ButAFault(p, ChannelFaultKind.SenderWentBack, () => p.Receive(Acknowledgement(P, Q, 2, DigestOf("a")), Start));
    }

    [Fact]
    public void An_acknowledgement_of_other_messages()
    {
        var p = Joined(P);
        p.Send(Q, "a");
        Unchanged.ButAFault(p, ChannelFaultKind.DigestMismatch, () => p.Receive(Acknowledgement(P, Q, 1, DigestOf("b")), Start));
    }

    [Fact]
    public void Anything_of_a_newer_epoch()
    {
        var p = Joined(P);
        p.Send(Q, "a");
        Unchanged.ButAFault(p, ChannelFaultKind.NewerEpoch, () => p.Receive(Message(Q, P, 1, 1, "a", epoch: 2), Start));
        Unchanged.ButAFault(p, ChannelFaultKind.NewerEpoch, () => p.Receive(Acknowledgement(P, Q, 1, DigestOf("a"), epoch: 2), Start));
        Unchanged.ButAFault(p, ChannelFaultKind.NewerEpoch, () => p.Receive(new EpochNotice(P, new Epoch(2))));
    }

    [Fact]
    public void A_notice_of_the_same_or_an_older_epoch_says_nothing()
    {
        var p = Joined(P, epoch: 2);
        var revision = p.Revision;
        p.Receive(new EpochNotice(P, new Epoch(2)));
        p.Receive(new EpochNotice(P, new Epoch(1)));
        Assert.True(p.TakeEffects().IsEmpty);
        Assert.Equal(revision, p.Revision);
    }

    /// <summary>
    /// (1) Frames 2, 3 and 4 are held back, 3 being impossible; (2) frame 1 comes. 1 and 2 are delivered and
    /// acknowledged, 3 is a fault and has changed nothing, 4 waits until a possible 3 comes.
    /// </summary>
    [Fact]
    public void A_fault_among_frames_held_back_keeps_what_came_before_it_and_holds_what_comes_after()
    {
        var p = Joined(P);
        p.Receive(Message(Q, P, 2, 2, "b"), Start);
        p.Receive(Message(Q, P, 3, 9, "impossible"), Start);
        p.Receive(Message(Q, P, 4, 4, "d"), Start);
        p.Receive(Message(Q, P, 1, 1, "a"), Start);
        var effects = p.TakeEffects();
        Assert.Equal(ChannelFaultKind.CountMismatch, Assert.Single(effects.Faults).Kind);
        Assert.Equal((new FrameNumber(2), DigestOf("a", "b")), (effects.Acknowledgements[0].UpTo, effects.Acknowledgements[0].Digest));
        Assert.Equal(1, p.HeldBackFrames);
        p.Receive(Message(Q, P, 3, 3, "c"), Start);
        Assert.Equal("q:a;q:b;q:c;q:d;", p.State);
    }

    /// <summary>
    /// It is not acknowledged, so it comes again; and what follows it waits, so that the cut stays where it is.
    /// </summary>
    [Fact]
    public void A_marker_that_finds_the_most_recordings_open_is_dropped_and_delivered_later()
    {
        var p = Joined(P, limits: ProtocolLimits.Default with { MaxOpenRecordings = 1 });
        p.Receive(Message(Q, P, 1, 1, "x"), Start);
        p.Initiate(Snapshot(1), Start);
        _ = p.TakeEffects();
        var before = p.Text();
        p.Receive(Marker(Q, P, 2, 2, 1), Start);
        Assert.Equal((before, true), (p.Text(), p.TakeEffects().IsEmpty));
        Assert.Equal(1, p.Counters.Dropped);
        p.Receive(Message(Q, P, 3, 2, "after"), Start);
        Assert.Equal((1, "q:x;"), (p.HeldBackFrames, p.State));

        p.Learn(Announcement(2, 2));
        p.Receive(Marker(Q, P, 2, 2, 1), Start);
        Assert.Equal([Snapshot(2)], p.OpenRecordings);
        Assert.Equal("q:x;q:after;", p.State);
        Assert.Equal("q:x;", Assert.IsType<LocalReport<string>>(Assert.Single(p.TakeReports())).State);
    }
}
