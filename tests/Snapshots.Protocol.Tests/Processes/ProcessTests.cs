using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>Each row of the transition table that opens Process.cs.</summary>
public sealed class ProcessTests
{
    [Fact]
    public void Initiate_when_not_recorded_records_with_every_incoming_channel_recording()
    {
        var p = Meeting(P, Q);
        p.Initiate(Snapshot(1), Start);
        var effects = p.TakeEffects();
        Assert.Equal(Render.Text(new LocalReport<string>(
            Snapshot(1), Epoch.First, P, "q:hello;", [new(Q, new(1))], [new(Q, new(1))])), Render.Text(Assert.Single(effects.Reports)));
        Assert.Equal("s1@1", effects.Frames.Shape());
        Assert.Equal(ChannelRecordingStatus.Recording, Assert.Single(p.ToRecord().Recordings[0].Channels).Status);
    }

    [Fact]
    public void Initiate_when_recorded_does_nothing()
    {
        var p = Meeting(P, Q);
        p.Initiate(Snapshot(1), Start);
        NothingHappens(p, () => p.Initiate(Snapshot(1), Start));
    }

    [Fact]
    public void Initiate_when_ended_does_nothing()
    {
        var p = Meeting(P, Q);
        p.Learn(Announcement(3, 2));
        NothingHappens(p, () => p.Initiate(Snapshot(3), Start));
        p.Initiate(Snapshot(2), Start);
        Assert.Equal([Snapshot(2)], p.OpenRecordings);
    }

    [Fact]
    public void A_marker_first_seen_records_and_closes_its_channel_as_empty()
    {
        var p = Meeting(P, Q);
        p.Receive(Marker(Q, P, 2, 1, 1), Start);
        var effects = p.TakeEffects();
        Assert.IsType<LocalReport<string>>(Assert.Single(effects.Reports));
        Assert.Equal("s1@1", effects.Frames.Shape());
        Assert.Equal(ChannelRecordingStatus.Settled, Assert.Single(p.ToRecord().Recordings[0].Channels).Status);
    }

    [Fact]
    public void A_marker_on_a_recording_channel_closes_it_and_reports_what_was_in_it()
    {
        var p = Meeting(P, Q);
        p.Initiate(Snapshot(1), Start);
        p.Receive(Message(Q, P, 2, 2, "late"), Start);
        _ = p.TakeEffects();
        p.Receive(Marker(Q, P, 3, 1, 2), Start);
        Assert.Equal(Render.Text(Channel(Q, P, 1, ["late"])), Render.Text(Assert.Single(p.TakeReports())));
    }

    [Fact]
    public void A_marker_on_an_empty_recording_channel_closes_it_without_a_report()
    {
        var p = Meeting(P, Q);
        p.Initiate(Snapshot(1), Start);
        _ = p.TakeEffects();
        p.Receive(Marker(Q, P, 2, 1, 1), Start);
        Assert.Empty(p.TakeReports());
        Assert.Equal(ChannelRecordingStatus.Settled, Assert.Single(p.ToRecord().Recordings[0].Channels).Status);
    }

    [Fact]
    public void A_marker_of_an_ended_snapshot_is_passed_and_nothing_else()
    {
        var p = Meeting(P, Q);
        p.Learn(Announcement(1));
        p.Receive(Marker(Q, P, 2, 1, 1), Start);
        Assert.Empty(p.OpenRecordings);
        Assert.Equal(1, p.Counters.LateMarkers);
        var effects = p.TakeEffects();
        Assert.Equal(new FrameNumber(2), Assert.Single(effects.Acknowledgements).UpTo);
        Assert.True((effects with { Acknowledgements = [] }).IsEmpty);
    }

    [Fact]
    public void A_second_marker_of_a_snapshot_on_a_channel_is_a_fault()
    {
        var p = Meeting(P, Q);
        p.Receive(Marker(Q, P, 2, 1, 1), Start);
        Unchanged.ButAFault(p, ChannelFaultKind.SecondMarker, () => p.Receive(Marker(Q, P, 3, 1, 1), Start));
    }

    [Fact]
    public void A_message_is_delivered_and_added_to_each_open_recording_whose_channel_is_recording()
    {
        var p = Meeting(P, Q);
        p.Initiate(Snapshot(1), Start);
        p.Initiate(Snapshot(2), Start);
        p.Receive(Marker(Q, P, 2, 1, 1), Start);
        p.Receive(Message(Q, P, 3, 2, "late"), Start);
        Assert.Equal("q:hello;q:late;", p.State);
        Assert.Empty(p.ToRecord().Recordings[0].Channels[0].Messages);
        Assert.Equal(["late"], p.ToRecord().Recordings[1].Channels[0].Messages);
    }

    [Fact]
    public void The_first_frame_opens_the_incoming_channel_and_its_reverse_when_channels_pair()
    {
        var (directed, pair) = (Joined(P), Joined(P, ChannelOpening.Pair));
        directed.Receive(Message(Q, P, 2, 2, "early"), Start);
        pair.Receive(Message(Q, P, 2, 2, "early"), Start);
        Assert.NotNull(directed.IncomingFrom(Q));
        Assert.Null(directed.OutgoingTo(Q));
        Assert.NotNull(pair.IncomingFrom(Q));
        Assert.NotNull(pair.OutgoingTo(Q));
    }

    [Fact]
    public void A_local_step_changes_the_state_and_numbers_and_keeps_each_message()
    {
        var p = Joined(P);
        p.Apply(new("after", [new(Q, "a"), new(R, "b"), new(Q, "c")]), Start);
        Assert.Equal("after", p.State);
        Assert.Equal(["p->q m1", "p->r m1", "p->q m2"], p.TakeFrames().Select(frame => $"{frame.Channel} {new[] { frame }.Shape()}"));
        Assert.Equal((2, 1), (p.OutgoingTo(Q)!.Unacknowledged.Length, p.OutgoingTo(R)!.Unacknowledged.Length));
        Assert.Null(p.IncomingFrom(Q));
    }

    [Fact]
    public void A_local_step_opens_both_directions_when_channels_pair()
    {
        var p = Joined(P, ChannelOpening.Pair);
        p.Send(Q, "a");
        Assert.NotNull(p.IncomingFrom(Q));
    }

    [Fact]
    public void A_message_born_of_a_delivery_goes_out_in_the_same_step()
    {
        var p = Joined(P);
        p.Receive(Message(Q, P, 1, 1, "x>r:y"), Start);
        var effects = p.TakeEffects();
        Assert.Equal(new ChannelId(P, R), Assert.Single(effects.Frames).Channel);
        Assert.Single(effects.Acknowledgements);
    }

    [Fact]
    public void A_newcomer_that_joins_records_every_open_snapshot()
    {
        var p = Newcomer(P);
        Assert.False(p.HasJoined);
        p.Join(new Epoch(3), Announcement(5, 2, 4), Start);
        Assert.Equal([Snapshot(2), Snapshot(4)], p.OpenRecordings);
        Assert.Equal(new Epoch(3), p.Epoch);
        Assert.Equal(["2 3", "4 3"], p.TakeReports().Select(report => $"{report.Snapshot} {report.Epoch}"));
    }

    [Fact]
    public void Joining_again_changes_nothing()
    {
        var p = Newcomer(P);
        p.Join(Epoch.First, Announcement(5, 2), Start);
        NothingHappens(p, () => p.Join(Epoch.First, Announcement(5, 2), Start));
    }

    [Fact]
    public void A_restored_process_that_joins_again_with_an_old_answer_opens_nothing_anew()
    {
        var p = Joined(P);
        p.Initiate(Snapshot(1), Start);
        p.Learn(Announcement(2));
        var restored = p.Restored();
        NothingHappens(restored, () => restored.Join(Epoch.First, Announcement(1, 1), Start));
    }

    [Fact]
    public void What_was_learned_before_joining_is_kept()
    {
        var p = Newcomer(P);
        p.Learn(Announcement(3));
        p.Join(Epoch.First, Announcement(3, 2), Start);
        Assert.Empty(p.OpenRecordings);
    }

    [Fact]
    public void An_announcement_ends_recordings_and_voids_their_markers()
    {
        var p = Meeting(P, Q);
        p.Initiate(Snapshot(1), Start);
        p.Initiate(Snapshot(2), Start);
        p.Learn(Announcement(2, 2));
        Assert.Equal([Snapshot(2)], p.OpenRecordings);
        Assert.Equal(
            ["MessageContent`1", "VoidContent`1", "MarkerContent`1"],
            p.OutgoingTo(Q)!.Unacknowledged.Select(entry => entry.Content.GetType().Name));
    }

    [Fact]
    public void An_announcement_that_says_nothing_new_does_nothing()
    {
        var p = Meeting(P, Q);
        p.Learn(Announcement(4, 2));
        NothingHappens(p, () => p.Learn(Announcement(4, 2)));
        NothingHappens(p, () => p.Learn(Announcement(3, 1, 2)));
    }

    [Fact]
    public void Opening_a_channel_sends_nothing_while_no_snapshot_is_open_and_again_is_nothing()
    {
        var p = Joined(P, ChannelOpening.Pair);
        p.OpenChannel(Q, Start);
        Assert.NotNull(p.OutgoingTo(Q));
        Assert.NotNull(p.IncomingFrom(Q));
        NothingHappens(p, () => p.OpenChannel(Q, Start));
    }

    [Fact]
    public void A_channel_that_opens_after_the_cut_carries_the_marker_at_once()
    {
        var p = Joined(P);
        p.Initiate(Snapshot(1), Start);
        p.OpenChannel(Q, Start);
        Assert.Equal("s1@0", p.TakeFrames().Shape());
    }

    [Fact]
    public void A_directed_channel_opens_one_way()
    {
        var p = Joined(P);
        p.OpenChannel(Q, Start);
        Assert.Null(p.IncomingFrom(Q));
    }

    [Fact]
    public void A_process_is_unfinished_while_frames_or_recordings_are_open()
    {
        var p = Joined(P);
        Assert.False(p.IsUnfinished);
        p.Send(Q, "a");
        Assert.True(p.HasUnacknowledgedFrames && p.IsUnfinished);
        p.Receive(Acknowledgement(P, Q, 1, DigestOf("a")), Start);
        Assert.False(p.HasUnacknowledgedFrames || p.IsUnfinished);
        p.Initiate(Snapshot(1), Start);
        p.Receive(Acknowledgement(P, Q, 2, DigestOf("a")), Start);
        Assert.True(!p.HasUnacknowledgedFrames && p.IsUnfinished);
        p.Learn(Announcement(1));
        Assert.False(p.IsUnfinished);
    }

    [Fact]
    public void The_next_resend_is_the_earliest_of_all_channels()
    {
        var p = Joined(P);
        Assert.Null(p.ResendAt);
        p.Apply(new("s", [new(R, "a")]), new Instant(5));
        p.Apply(new("s", [new(Q, "a")]), new Instant(7));
        Assert.Equal(new Instant(2005), p.ResendAt);
        p.Receive(Acknowledgement(P, R, 1, DigestOf("a")), Start);
        Assert.Equal(new Instant(2007), p.ResendAt);
    }

    [Fact]
    public void Unchanged_parts_of_the_record_are_the_same_objects()
    {
        var p = Meeting(P, Q);
        p.Send(R, "a");
        p.Initiate(Snapshot(1), Start);
        var before = p.ToRecord();
        p.Receive(Acknowledgement(P, R, 1, DigestOf("a")), Start);
        var after = p.ToRecord();
        Assert.Same(before.Outgoing[0], after.Outgoing[0]);
        Assert.NotSame(before.Outgoing[1], after.Outgoing[1]);
        Assert.Same(before.Incoming[0], after.Incoming[0]);
        Assert.Same(before.Recordings[0], after.Recordings[0]);
        Assert.Equal(["q", "r"], after.Outgoing.Select(channel => channel.Target.Value));
    }

    [Fact]
    public void Effects_are_taken_once()
    {
        var p = Meeting(P, Q);
        p.Send(Q, "a");
        Assert.False(p.TakeEffects().IsEmpty);
        Assert.True(p.TakeEffects().IsEmpty);
    }

    [Fact]
    public void An_unknown_peer_has_room_and_no_numbers()
    {
        var p = Joined(P);
        Assert.True(p.HasRoom(Q));
        Assert.Null(p.OutgoingTo(Q));
        Assert.Null(p.IncomingFrom(Q));
    }

    /// <summary>A process that has sent one message to the peer and delivered one from it.</summary>
    private static TestProcess Meeting(ProcessId id, ProcessId peer)
    {
        var process = Joined(id);
        process.Send(peer, "hi");
        process.Receive(Message(peer, id, 1, 1, "hello"), Start);
        _ = process.TakeEffects();
        return process;
    }

    private static void NothingHappens(TestProcess process, Action act)
    {
        _ = process.TakeEffects();
        var (text, revision) = (process.Text(), process.Revision);
        act();
        Assert.Equal((text, revision), (process.Text(), process.Revision));
        Assert.True(process.TakeEffects().IsEmpty);
    }
}
