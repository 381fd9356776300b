using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>
/// One test for each rule of the design that the core implements, each of which fails without its rule. Channels first,
/// then the marker protocol, then what is persisted.
/// </summary>
public sealed class DesignRuleTests
{
    private static readonly ProtocolLimits Small = new()
    {
        Window = 1,
        MaxHeldBackFrames = 2,
        MaxRecordedMessages = 2,
        FirstResendPauseMs = 10,
        MaxResendPauseMs = 40,
    };

    [Fact]
    public void Frames_are_numbered_from_one_and_kept_until_acknowledged()
    {
        var p = Joined(P);
        p.Send(Q, "a", "b", "c");
        Assert.Equal("1 2 3", p.TakeFrames().Numbers());
        p.Receive(Acknowledgement(P, Q, 2, DigestOf("a", "b")), Start);
        Assert.Equal("c", ((MessageContent<string>)Assert.Single(p.OutgoingTo(Q)!.Unacknowledged).Content).Message);
    }

    [Fact]
    public void One_acknowledgement_covers_every_delivery_of_the_step_and_is_cumulative()
    {
        var q = Joined(Q);
        q.Receive(Message(P, Q, 1, 1, "a"), Start);
        q.Receive(Message(P, Q, 2, 2, "b"), Start);
        Assert.Equal(Acknowledgement(P, Q, 2, DigestOf("a", "b")), Assert.Single(q.TakeEffects().Acknowledgements));
    }

    [Fact]
    public void A_frame_that_comes_twice_is_delivered_once_and_acknowledged_twice()
    {
        var q = Joined(Q);
        q.Receive(Message(P, Q, 1, 1, "a"), Start);
        _ = q.TakeEffects();
        q.Receive(Message(P, Q, 1, 1, "a"), Start);
        Assert.Equal("p:a;", q.State);
        Assert.Equal(1, q.Counters.Duplicates);
        Assert.Equal(new FrameNumber(1), Assert.Single(q.TakeEffects().Acknowledgements).UpTo);
    }

    [Fact]
    public void Early_frames_wait_in_a_bounded_buffer_and_what_is_dropped_comes_again()
    {
        var (p, q) = (Joined(P), Joined(Q, limits: Small));
        p.Send(Q, "a", "b", "c", "d");
        q.Receive(p.TakeFrames().Reverse());
        Assert.Equal(("p:a;", 2), (q.State, q.HeldBackFrames));
        Assert.Equal((2, 1), (q.Counters.HeldBack, q.Counters.Dropped));
        p.Resend(new Instant(2000));
        q.Receive(p.TakeFrames().Where(frame => frame.First == new FrameNumber(2))); // The one that was dropped; the rest was held.
        Assert.Equal(("p:a;p:b;p:c;p:d;", 0), (q.State, q.HeldBackFrames));
    }

    [Fact]
    public void An_early_frame_is_not_acknowledged()
    {
        var q = Joined(Q);
        q.Receive(Message(P, Q, 2, 2, "b"), Start);
        Assert.Empty(q.TakeEffects().Acknowledgements);
        Assert.Empty(q.State);
    }

    [Fact]
    public void Unacknowledged_frames_are_sent_again_with_growing_pauses_up_to_a_bound()
    {
        var p = Joined(P, limits: Small);
        p.Send(Q, "a");
        _ = p.TakeEffects();
        var times = new List<long>();
        for (var now = 0; now < 200; now++)
        {
            p.Resend(new Instant(now));
            if (!p.TakeFrames().IsEmpty) times.Add(now);
        }

        Assert.Equal([10, 30, 70, 110, 150, 190], times);
        Assert.Equal(6, p.Counters.Resent);
    }

    [Fact]
    public void After_a_restore_what_is_unacknowledged_is_sent_again_at_once()
    {
        var p = Joined(P);
        p.Send(Q, "a");
        p.Initiate(Snapshot(1), Start);
        var restored = p.Restored(now: new Instant(77));
        Assert.Equal(new Instant(77), restored.ResendAt);
        restored.Resend(new Instant(77));
        Assert.Equal("m1 s1@1", restored.TakeFrames().Shape());
    }

    [Fact]
    public void A_full_window_holds_callers_but_neither_markers_nor_frames_born_of_a_delivery()
    {
        var p = Joined(P, limits: Small);
        p.Send(Q, "a");
        Assert.False(p.HasRoom(Q));
        Assert.Throws<InvalidOperationException>(() => p.Send(Q, "b"));
        p.Initiate(Snapshot(1), Start);
        p.Receive(Message(Q, P, 1, 1, "x>q:returned"), Start);
        Assert.Equal("m1 s1@1 m2", p.TakeFrames().Shape());
    }

    /// <summary>
    /// Both windows are full, and each process waits for the other's marker: the markers pass and the snapshot
    /// completes.
    /// </summary>
    [Fact]
    public void Two_full_windows_that_wait_for_each_others_marker_do_not_deadlock()
    {
        var (p, q) = (Joined(P, limits: Small), Joined(Q, limits: Small));
        p.Send(Q, "a");
        q.Send(P, "b");
        p.Initiate(Snapshot(1), Start);
        q.Initiate(Snapshot(1), Start);
        var builder = new GlobalStateBuilder<string, string>(Snapshot(1), Epoch.First, [P, Q]);
        var (fromP, fromQ) = (p.TakeEffects(), q.TakeEffects());
        p.Receive(fromQ.Frames);
        q.Receive(fromP.Frames);
        foreach (var report in fromP.Reports.Concat(fromQ.Reports).Concat(p.TakeReports()).Concat(q.TakeReports())) builder.Accept(report);
        Assert.Equal(CollectionStatus.Complete, builder.Status);
        Assert.Equal(2, builder.ToGlobalState().Channels.Sum(channel => channel.Messages.Length));
    }

    [Fact]
    public void Markers_take_numbers_in_the_same_sequence_and_are_not_counted_as_messages()
    {
        var p = Joined(P);
        p.Send(Q, "a");
        p.Initiate(Snapshot(1), Start);
        p.Send(Q, "b");
        Assert.Equal("1 2 3", p.TakeFrames().Numbers());
        Assert.Equal((3, 2), (p.OutgoingTo(Q)!.Last.Value, p.OutgoingTo(Q)!.Sent.Value));
    }

    /// <summary>
    /// (1) p records s1, then opens a channel to q while s0 and s1 are both unfinished; (2) the channel carries marker
    /// s0, marker s1;
    /// (3) q delivers marker s0, then records s1 on the second. In frame numbers q had delivered 1 and p had sent 0: a
    /// false orphan.
    /// </summary>
    [Fact]
    public void Cuts_are_told_in_message_counts_so_that_two_unfinished_snapshots_make_no_false_orphan()
    {
        var (s0, s1) = (Snapshot(1), Snapshot(2));
        var (p, q) = (Joined(P), Joined(Q));
        p.Initiate(s0, Start);
        p.Initiate(s1, Start);
        p.OpenChannel(Q, Start);
        var fromP = p.TakeEffects();
        Assert.Equal("s1@0 s2@0", fromP.Frames.Shape());
        q.Receive(fromP.Frames);
        var fromQ = q.TakeReports();
        Assert.Equal([new ChannelCount(P, new(0))], ((LocalReport<string>)fromQ[1]).Delivered);
        foreach (var snapshot in new[] { s0, s1 })
        {
            var builder = new GlobalStateBuilder<string, string>(snapshot, Epoch.First, [P, Q]);
            foreach (var report in fromP.Reports.Concat(fromQ).Where(report => report.Snapshot == snapshot)) builder.Accept(report);
            Assert.Equal((CollectionStatus.Complete, string.Empty), (builder.Status, builder.FailureReason));
        }
    }

    [Fact]
    public void A_marker_carries_the_count_of_messages_sent_before_it_and_the_receiver_asserts_it()
    {
        var q = Joined(Q);
        Unchanged.ButAFault(q, ChannelFaultKind.CountMismatch, () => q.Receive(Marker(P, Q, 1, 1, 5), Start));
    }

    [Fact]
    public void A_frame_of_an_older_epoch_is_answered_with_the_epoch_and_not_obeyed()
    {
        var q = Joined(Q, epoch: 3);
        var before = q.Text();
        q.Receive(Message(P, Q, 1, 1, "a", epoch: 2), Start);
        Assert.Equal(before, q.Text());
        var effects = q.TakeEffects();
        Assert.Equal(new EpochNotice(P, new Epoch(3)), Assert.Single(effects.Notices));
        Assert.True((effects with { Notices = [] }).IsEmpty);
    }

    /// <summary>An old acknowledgement would delete new frames.</summary>
    [Fact]
    public void An_acknowledgement_of_an_older_epoch_is_answered_with_the_epoch_and_not_obeyed()
    {
        var p = Joined(P, epoch: 3);
        p.Send(Q, "a");
        _ = p.TakeEffects();
        var before = p.Text();
        p.Receive(Acknowledgement(P, Q, 1, DigestOf("a"), epoch: 2), Start);
        Assert.Equal(before, p.Text());
        Assert.Equal(new EpochNotice(Q, new Epoch(3)), Assert.Single(p.TakeEffects().Notices));
    }

    /// <summary>
    /// An old report would join two histories; an old acceptance would free what the new history needs.
    /// </summary>
    [Fact]
    public void Reports_of_an_older_epoch_are_neither_collected_nor_freed()
    {
        var p = Joined(P, epoch: 3);
        p.Initiate(Snapshot(1), Start);
        p.Accept(Local(P, [], [], epoch: 2));
        Assert.Single(p.UnacceptedReports());
        var builder = new GlobalStateBuilder<string, string>(Snapshot(1), new Epoch(3), [P]);
        Assert.Equal(ReportVerdict.WrongEpoch, builder.Accept(Local(P, [], [], epoch: 2)));
        Assert.Equal(CollectionStatus.Running, builder.Status);
    }

    [Fact]
    public void Sixty_aborted_snapshots_leave_one_frame_waiting_for_a_dead_process()
    {
        var p = Joined(P);
        p.Send(Q, "a");
        for (var number = 1; number <= 60; number++)
        {
            p.Initiate(Snapshot(number), Start);
            p.Learn(Announcement(number));
        }

        _ = p.TakeEffects();
        p.Resend(new Instant(2000));
        Assert.Equal("m1 v2-61", p.TakeFrames().Shape());
        Assert.Equal(2, p.OutgoingTo(Q)!.Unacknowledged.Length);
    }

    /// <summary>
    /// (1) Markers 1 to 3 are sent, the second is lost; (2) q passes the first and acknowledges it late; (3) all three
    /// end, p sends the run 1-3; (4) q passes what is left of it; (5) the late acknowledgement of 1 cuts the run, that
    /// of 3 ends it.
    /// </summary>
    [Fact]
    public void A_void_run_passed_in_part_as_markers_is_passed_to_its_end_and_acknowledged_in_parts()
    {
        var (p, q) = (Joined(P), Joined(Q));
        p.OpenChannel(Q, Start);
        for (var number = 1; number <= 3; number++) p.Initiate(Snapshot(number), Start);
        var markers = p.TakeFrames();
        q.Receive(markers[0], Start);
        var first = Assert.Single(q.TakeEffects().Acknowledgements);
        p.Learn(Announcement(3));
        p.Resend(new Instant(2000));
        q.Receive(p.TakeFrames());
        var third = Assert.Single(q.TakeEffects().Acknowledgements);
        Assert.Equal((1, 3), (first.UpTo.Value, third.UpTo.Value));
        Assert.Equal([Snapshot(1)], q.OpenRecordings);
        p.Receive(first, Start);
        Assert.Equal((2, 3), (p.OutgoingTo(Q)!.Unacknowledged[0].First.Value, p.OutgoingTo(Q)!.Unacknowledged[0].Last.Value));
        p.Receive(third, Start);
        Assert.False(p.HasUnacknowledgedFrames);
    }

    [Fact]
    public void A_receiver_whose_storage_went_back_is_noticed_by_the_acknowledged_base()
    {
        var (p, q) = (Joined(P), Joined(Q));
        var old = q.ToRecord();
        p.Send(Q, "a");
        q.Receive(p.TakeFrames());
        p.Receive(Assert.Single(q.TakeEffects().Acknowledgements), Start);
        p.Send(Q, "b");
        var frame = Assert.Single(p.TakeFrames());
        Assert.Equal(new FrameNumber(1), frame.Acknowledged);
        var back = new TestProcess(old, LogApplication.Instance, ChannelOpening.Directed, ProtocolLimits.Default, Start);
        Unchanged.ButAFault(back, ChannelFaultKind.ReceiverWentBack, () => back.Receive(frame, Start));
    }

    /// <summary>p went back behind an acknowledged write, and sends other messages under the same numbers.</summary>
    [Fact]
    public void A_sender_whose_storage_went_back_is_noticed_by_the_digest_and_by_the_number()
    {
        var (p, q) = (Joined(P), Joined(Q));
        var old = p.ToRecord();
        p.Send(Q, "a", "b");
        q.Receive(p.TakeFrames());
        _ = q.TakeEffects();
        var back = new TestProcess(old, LogApplication.Instance, ChannelOpening.Directed, ProtocolLimits.Default, Start);
        back.Send(Q, "another a");
        q.Receive(back.TakeFrames());
        var acknowledgement = Assert.Single(q.TakeEffects().Acknowledgements);
        Unchanged.ButAFault(back, ChannelFaultKind.SenderWentBack, () => back.Receive(acknowledgement, Start));
        back.Send(Q, "another b");
        Unchanged.ButAFault(back, ChannelFaultKind.DigestMismatch, () => back.Receive(acknowledgement, Start));
    }

    [Theory]
    [InlineData("send")]
    [InlineData("open")]
    [InlineData("receive")]
    public void A_channel_that_opens_inside_a_snapshot_in_either_way_carries_its_marker_first(string way)
    {
        var p = Joined(P, ChannelOpening.Pair);
        p.Initiate(Snapshot(1), Start);
        p.Initiate(Snapshot(2), Start);
        if (way == "open") p.OpenChannel(Q, Start);
        if (way == "receive") p.Receive(Message(Q, P, 1, 1, "a"), Start);
        if (way != "send") Assert.Equal(2, p.OutgoingTo(Q)!.Last.Value);
        p.Send(Q, "first");
        Assert.Equal("s1@0 s2@0 m1", p.TakeFrames().Shape());
    }

    [Theory]
    [InlineData(ChannelOpening.Directed)]
    [InlineData(ChannelOpening.Pair)]
    public void An_incoming_channel_that_appears_after_the_cut_starts_recording(ChannelOpening opening)
    {
        var q = Joined(Q, opening);
        q.Initiate(Snapshot(1), Start);
        _ = q.TakeEffects();
        q.Receive(Message(P, Q, 1, 1, "in transit"), Start);
        q.Receive(Marker(P, Q, 2, 1, 1), Start);
        Assert.Equal(Render.Text(Channel(P, Q, 0, ["in transit"])), Render.Text(Assert.Single(q.TakeReports())));
    }

    [Fact]
    public void A_newcomer_records_the_open_snapshots_before_its_first_event()
    {
        var p = Newcomer(P);
        p.Join(Epoch.First, Announcement(2, 2), Start);
        p.Apply(new("changed", [new(Q, "a")]), Start);
        var effects = p.TakeEffects();
        Assert.Equal(string.Empty, ((LocalReport<string>)Assert.Single(effects.Reports)).State);
        Assert.Equal("s2@0 m1", effects.Frames.Shape());
    }

    /// <summary>Snapshot 1 is slow, 2 and 3 begin later and end before it.</summary>
    [Fact]
    public void A_slow_snapshot_overtaken_by_fast_ones_is_not_lost()
    {
        var q = Joined(Q);
        q.Initiate(Snapshot(1), Start);
        q.Learn(Announcement(3, 1));
        Assert.Equal([Snapshot(1)], q.OpenRecordings);
        var r = Joined(R);
        r.Learn(Announcement(3, 1));
        r.Receive(Marker(Q, R, 1, 1, 0), Start);
        Assert.Equal([Snapshot(1)], r.OpenRecordings);
    }

    /// <summary>
    /// Two processes that each know of the end and get the other's late marker would wake each other for ever.
    /// </summary>
    [Fact]
    public void A_late_marker_does_not_start_an_ended_snapshot_anew_also_after_a_restore()
    {
        var q = Joined(Q);
        q.OpenChannel(R, Start);
        q.Initiate(Snapshot(1), Start);
        q.Learn(Announcement(1));
        q = q.Restored();
        q.Receive(Marker(P, Q, 1, 1, 0), Start);
        Assert.Empty(q.OpenRecordings);
        Assert.Empty(q.TakeReports());
    }

    [Fact]
    public void A_process_with_an_open_recording_is_unfinished_until_it_is_told_of_the_end()
    {
        var q = Joined(Q);
        q.Initiate(Snapshot(1), Start);
        foreach (var report in q.TakeReports()) q.Accept(report);
        Assert.Empty(q.UnacceptedReports());
        Assert.True(q.IsUnfinished);
        q.Learn(Announcement(1));
        Assert.False(q.IsUnfinished);
    }

    /// <summary>
    /// One process goes through everything; its twin is restored from its record before every single step.
    /// </summary>
    [Fact]
    public void A_recording_survives_a_restore_at_every_step()
    {
        var limits = ProtocolLimits.Default with { MaxRecordedMessages = 3 };
        var (process, twin) = (Joined(Q, ChannelOpening.Pair, limits), Joined(Q, ChannelOpening.Pair, limits));
        Action<TestProcess>[] steps =
        [
            q => q.Receive(Message(P, Q, 1, 1, "before"), Start),
            q => q.Initiate(Snapshot(1), Start),
            q => q.Receive(Message(P, Q, 2, 2, "in transit"), Start),
            q => q.Receive(Marker(R, Q, 1, 2, 0), Start),
            q => q.Receive(Message(R, Q, 2, 1, "x>p:y"), Start),
            q => q.Receive(Marker(P, Q, 3, 1, 2), Start),
            q => q.Accept(q.UnacceptedReports().First()),
            q => q.Receive(Message(P, Q, 4, 3, "in transit of 2"), Start),
            q => q.Receive(Marker(P, Q, 5, 2, 3), Start),
            q => q.Accept(q.UnacceptedReports().OfType<ChannelReport<string>>().First()),
            q => q.Receive(Message(R, Q, 3, 2, "more"), Start),
            q => q.Receive(Message(R, Q, 4, 3, "more"), Start),
            q => q.Learn(Announcement(2, 2)),
            q => q.Initiate(Snapshot(3), Start),
            q => q.Receive(Message(P, Q, 6, 4, "1"), Start),
            q => q.Receive(Message(P, Q, 7, 5, "2"), Start),
            q => q.Receive(Marker(P, Q, 8, 3, 5), Start),
            q => q.Receive(Message(R, Q, 5, 4, "3"), Start),
            q => q.Receive(Message(R, Q, 6, 5, "4, which overflows"), Start),
            q => q.Accept(q.UnacceptedReports().OfType<OverflowReport>().Single()),
            q => q.Learn(Announcement(3)),
            q => q.Receive(Marker(R, Q, 7, 1, 5), Start),
        ];
        foreach (var step in steps)
        {
            twin = twin.Restored(ChannelOpening.Pair, limits);
            step(process);
            step(twin);
            Assert.Equal(process.Text(), twin.Text());
            Assert.Equal(Render.Text(process.UnacceptedReports()), Render.Text(twin.UnacceptedReports()));
            Assert.Equal(Render.Text(process.TakeEffects()), Render.Text(twin.TakeEffects()));
        }

        Assert.Empty(process.OpenRecordings);
    }

    [Fact]
    public void Reports_are_repeated_until_accepted_also_by_a_process_that_was_restored()
    {
        var q = Joined(Q);
        q.Initiate(Snapshot(1), Start);
        q.Receive(Message(P, Q, 1, 1, "a"), Start);
        q.Receive(Marker(P, Q, 2, 1, 1), Start);
        var made = Render.Text(q.TakeReports());
        Assert.Equal(made, Render.Text(q.UnacceptedReports()));
        q = q.Restored();
        Assert.Equal(made, Render.Text(q.UnacceptedReports()));
        foreach (var report in q.UnacceptedReports().ToList()) q.Accept(report);
        Assert.Empty(q.Restored().UnacceptedReports());
    }

    [Fact]
    public void Accepting_a_report_twice_or_one_of_an_unknown_snapshot_changes_nothing()
    {
        var q = Joined(Q);
        q.Initiate(Snapshot(1), Start);
        var report = Assert.Single(q.TakeReports());
        q.Accept(report);
        var (text, revision) = (q.Text(), q.Revision);
        q.Accept(report);
        q.Accept(Local(Q, [], [], snapshot: 9));
        Assert.Equal((text, revision), (q.Text(), q.Revision));
    }

    /// <summary>
    /// A stranger that opened a channel to the hub and never sends a marker: the channel never closes.
    /// </summary>
    [Fact]
    public void A_hub_reports_its_local_state_at_once_and_the_snapshot_completes_though_a_channel_never_closes()
    {
        var hub = Joined(P);
        hub.Receive(Message(Q, P, 1, 1, "a"), Start);
        hub.Initiate(Snapshot(1), Start);
        hub.Receive(Message(R, P, 1, 1, "from a stranger"), Start);
        var builder = new GlobalStateBuilder<string, string>(Snapshot(1), Epoch.First, [P, Q]);
        foreach (var report in hub.TakeReports()) builder.Accept(report);
        builder.Accept(Local(Q, [(P, 1)], []));
        Assert.Equal(CollectionStatus.Complete, builder.Status);
        Assert.All(hub.ToRecord().Recordings[0].Channels, channel => Assert.Equal(ChannelRecordingStatus.Recording, channel.Status));
    }

    [Fact]
    public void A_recording_that_outgrows_its_limit_aborts_the_snapshot_and_harms_nothing_else()
    {
        var q = Joined(Q, limits: Small);
        q.Initiate(Snapshot(1), Start);
        _ = q.TakeEffects();
        q.Receive(Message(P, Q, 1, 1, "a"), Start);
        q.Receive(Message(P, Q, 2, 2, "b"), Start);
        Assert.Empty(q.TakeReports());
        q.Receive(Message(P, Q, 3, 3, "c"), Start);
        var overflow = Assert.IsType<OverflowReport>(Assert.Single(q.TakeReports()));
        Assert.Equal("p:a;p:b;p:c;", q.State);
        var builder = new GlobalStateBuilder<string, string>(Snapshot(1), Epoch.First, [P, Q]);
        builder.Accept(overflow);
        Assert.Equal(CollectionStatus.Failed, builder.Status);
    }

    [Fact]
    public void A_snapshot_is_never_complete_before_the_certificate_holds()
    {
        var builder = new GlobalStateBuilder<string, string>(Snapshot(1), Epoch.First, [P, Q]);
        builder.Accept(Local(P, [(Q, 1), (R, 1)], []));
        builder.Accept(Local(Q, [], []));
        Assert.Equal((CollectionStatus.Running, R), (builder.Status, Assert.Single(builder.Missing))); // r was paid: it is drawn in.
        builder.Accept(Local(R, [], [(P, 1)]));
        Assert.Equal(CollectionStatus.Running, builder.Status); // One message is in transit to q.
        builder.Accept(Channel(P, Q, 0, ["m1"]));
        Assert.Equal(CollectionStatus.Complete, builder.Status);
    }
}
