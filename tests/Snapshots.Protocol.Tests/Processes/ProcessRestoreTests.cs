using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

public sealed class ProcessRestoreTests
{
    private static Gate Closed { get; } = new(new(1), new(1), IsOpen: false);

    private static Gate Opened { get; } = new(new(1), new(1), IsOpen: true);

    private static Gate Made { get; } = new(new(2), new(1), IsOpen: true);

    [Fact]
    public void A_closed_process_delivers_nothing_acknowledges_nothing_records_nothing_and_takes_no_step()
    {
        var p = Joined(P);
        p.Send(Q, "m1");
        p.TakeEffects();
        Assert.True(p.Obey(Closed));
        var before = p.ToRecord();
        p.Receive(Message(Q, P, 1, 1, "x"), Start);
        p.Receive(Message(Q, P, 1, 1, "x", epoch: 9), Start);
        p.Receive(Acknowledgement(P, Q, 1, DigestOf("m1")), Start);
        p.Receive(new EpochNotice(P, new(9)));
        p.Initiate(Snapshot(1), Start);
        p.Resend(new(1_000_000));
        Assert.Throws<InvalidOperationException>(() => p.Send(Q, "m2"));
        Assert.Throws<InvalidOperationException>(() => p.OpenChannel(R, Start));
        Assert.True(p.TakeEffects().IsEmpty);
        Assert.Equal((before.State, 1, 0), (p.State, p.ToRecord().Outgoing[0].Unacknowledged.Length, p.ToRecord().Incoming.Length));
        Assert.True(new TestProcess(p.ToRecord(), LogApplication.Instance, ChannelOpening.Directed, ProtocolLimits.Default, Start).Gate == Closed);
    }

    [Fact]
    public void After_an_abort_it_goes_on_where_it_was()
    {
        var p = Joined(P);
        p.Send(Q, "m1");
        p.Obey(Closed);
        Assert.True(p.Obey(Opened));
        p.Resend(new(1_000_000));
        Assert.Equal(2, p.TakeEffects().Frames.Length);
        p.Send(Q, "m2");
        Assert.Equal(new MessageCount(2), p.ToRecord().Outgoing[0].Sent);
    }

    /// <summary>
    /// (1) Restore 1 is aborted, and the word of it is late; (2) restore 2 closes the process, and is committed; (3) the
    /// late word comes. The process must not act in the epoch that is over.
    /// </summary>
    [Fact]
    public void An_abort_of_another_restore_opens_nothing()
    {
        var p = Joined(P);
        p.Obey(new(new(1), new(2), IsOpen: false));
        Assert.False(p.Obey(Opened));
        Assert.False(p.Obey(Closed));
        Assert.False(p.Gate.IsOpen);
        Assert.True(p.Obey(new(new(1), new(2), IsOpen: true)));
    }

    [Fact]
    public void A_late_word_of_an_earlier_epoch_closes_nothing_and_a_word_of_a_later_one_is_no_part()
    {
        var p = Joined(P, epoch: 2);
        Assert.False(p.Obey(new(new(1), new(7), IsOpen: false)));
        Assert.False(p.Obey(new(new(3), new(7), IsOpen: true)));
        Assert.Equal(Gate.Of(new(2)), p.Gate);
    }

    [Fact]
    public void A_newcomer_that_is_told_to_close_adopts_the_epoch_and_stays_closed()
    {
        var p = Newcomer(P);
        Assert.False(p.Obey(Opened));
        Assert.True(p.Obey(Closed));
        Assert.Equal((true, Closed), (p.HasJoined, p.Gate));
        Assert.True(p.Obey(Opened));
    }

    [Fact]
    public void A_part_makes_the_state_the_counts_and_the_messages_in_transit_as_recorded()
    {
        var p = Closing();
        var part = new RestorePart<string, string>(
            Made, Local(P, [(Q, 7), (R, 2)], [(Q, 3)]), [Channel(Q, P, 3, ["x", "y"]), Channel(R, P, 0, ["z"])]);
        Assert.True(p.Restore(part, Start));
        var record = p.ToRecord();
        Assert.Equal((Made, false), (p.Gate, record.IsClosed));
        Assert.Equal("state of pq:x;q:y;r:z;", p.State);
        Assert.Equal([(Q, 7L), (R, 2L)], record.Outgoing.Select(channel => (channel.Target, channel.Sent.Value)));
        Assert.Equal([(Q, 5L), (R, 1L)], record.Incoming.Select(channel => (channel.Source, channel.Messages.Value)));
        Assert.All(record.Outgoing, channel => Assert.Equal((0L, 0L), (channel.Last.Value, channel.Acknowledged.Value)));
        Assert.All(record.Incoming, channel => Assert.Equal((0L, default), (channel.Delivered.Value, channel.Digest)));
        Assert.Empty(record.Recordings);
    }

    [Fact]
    public void After_a_part_both_ends_of_a_channel_begin_with_frame_1_and_go_on_with_the_counts()
    {
        var (p, q) = (Closing(P), Closing(Q));
        p.Restore(new(Made, Local(P, [(Q, 5)], []), []), Start);
        q.Restore(new(Made, Local(Q, [], [(P, 3)]), [Channel(P, Q, 3, ["x", "y"])]), Start);
        p.Send(Q, "new");
        var frame = Assert.Single(p.TakeEffects().Frames);
        Assert.Equal((1L, 6L, 2L), (frame.First.Value, ((MessageContent<string>)frame.Content).Number.Value, frame.Epoch.Value));
        q.Receive(frame, Start);
        var word = Assert.Single(q.TakeEffects().Acknowledgements);
        p.Receive(word, Start);
        Assert.True(p.TakeEffects().Faults.IsEmpty);
        Assert.False(p.HasUnacknowledgedFrames);
    }

    [Fact]
    public void Nothing_of_the_discarded_history_is_handed_out_or_obeyed()
    {
        var p = Joined(P);
        p.Send(Q, "discarded");
        p.Initiate(Snapshot(1), Start);
        p.Obey(Closed);
        p.Restore(new(Made, Local(P, [(Q, 1)], []), []), Start);
        Assert.True(p.TakeEffects().IsEmpty);
        Assert.Empty(p.UnacceptedReports());
        p.Receive(Message(Q, P, 1, 1, "old"), Start);
        Assert.Equal(new EpochNotice(Q, new(2)), Assert.Single(p.TakeEffects().Notices));
        p.Receive(Acknowledgement(P, Q, 1, DigestOf("discarded")), Start);
        Assert.Equal("state of p", p.State);
    }

    [Fact]
    public void A_part_that_comes_again_or_of_an_earlier_epoch_changes_nothing()
    {
        var p = Closing();
        var part = new RestorePart<string, string>(Made, Local(P, [(Q, 1)], []), []);
        p.Restore(part, Start);
        p.Send(Q, "new");
        var revision = p.Revision;
        Assert.False(p.Restore(part, Start));
        Assert.False(p.Restore(part with { Gate = Opened }, Start));
        Assert.Equal(revision, p.Revision);
        Assert.Throws<ArgumentException>(() => p.Restore(new(new(new(9), new(9), IsOpen: true), Local(Q, [], []), []), Start));
    }

    /// <summary>
    /// (1) Epoch 2 is committed; (2) restore 2 begins; (3) a late process applies its part of restore 1. Labelled with
    /// restore 2, it would refuse to close for it.
    /// </summary>
    [Fact]
    public void A_process_that_applies_its_part_late_closes_for_the_next_restore()
    {
        var p = Closing();
        p.Restore(new(Made, Local(P, [], []), []), Start);
        Assert.True(p.Obey(new(new(2), new(2), IsOpen: false)));
    }

    [Fact]
    public void A_process_outside_of_the_source_becomes_empty()
    {
        var p = Joined(P);
        p.Send(Q, "m1");
        p.Obey(Closed);
        Assert.True(p.Restore(new(Made, null, []), Start));
        var record = p.ToRecord();
        Assert.Equal((LogApplication.Instance.CreateState(P), 0, 0), (record.State, record.Outgoing.Length, record.Incoming.Length));
    }

    [Fact]
    public void A_damaged_process_takes_no_step_until_it_has_a_part()
    {
        var p = Newcomer(P);
        Assert.True(p.Obey(Closed, "entry 3 is missing"));
        p.Obey(Opened);
        Assert.Equal((true, "entry 3 is missing"), (p.Gate.IsOpen, p.ToRecord().Damage));
        Assert.Throws<InvalidOperationException>(() => p.Send(Q, "m1"));
        p.Obey(new(new(1), new(2), IsOpen: false));
        p.Restore(new(new(new(2), new(2), IsOpen: true), Local(P, [], []), []), Start);
        Assert.Null(p.ToRecord().Damage);
        p.Send(Q, "m1");
    }

    /// <summary>
    /// (1) A process lives in epoch 2, and is damaged; (2) the order to close in epoch 1 comes again, late; (3) the next
    /// restore closes epoch 2.
    /// </summary>
    [Fact]
    public void A_damaged_process_takes_every_later_gate_whatever_its_epoch()
    {
        var p = Newcomer(P);
        Assert.True(p.Obey(Closed, "entry 3 is missing"));
        Assert.True(p.Obey(new(new(2), new(2), IsOpen: false)));
        Assert.False(p.Obey(Opened));
        Assert.Equal((new Epoch(2), "entry 3 is missing"), (p.Gate.Epoch, p.Damage));
    }

    [Fact]
    public void A_snapshot_after_a_restore_is_stated_in_counts_that_go_on()
    {
        var p = Closing();
        p.Restore(new(Made, Local(P, [(Q, 7)], [(Q, 3)]), [Channel(Q, P, 3, ["x"])]), Start);
        p.Initiate(Snapshot(2), Start);
        var report = Assert.IsType<LocalReport<string>>(Assert.Single(p.TakeEffects().Reports));
        Assert.Equal((2L, 7L, 4L), (report.Epoch.Value, report.Sent[0].Count.Value, report.Delivered[0].Count.Value));
    }

    private static TestProcess Closing(ProcessId? id = null)
    {
        var p = Joined(id ?? P);
        p.Obey(Closed);
        return p;
    }
}
