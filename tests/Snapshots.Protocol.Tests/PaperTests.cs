using static Snapshots.Protocol.Tests.Given;

namespace Snapshots.Protocol.Tests;

/// <summary>
/// The rules of K. M. Chandy and L. Lamport, "Distributed Snapshots: Determining Global States of Distributed Systems",
/// ACM TOCS 3(1), 1985, one by one and quoted.
/// </summary>
public sealed class PaperTests
{
    /// <summary>
    /// "Marker-Sending Rule for a Process p. For each channel c, incident on, and directed away from p: p sends one
    /// marker along c after p records its state and before p sends further messages along c."
    /// </summary>
    [Fact]
    public void Marker_sending_rule_one_marker_on_each_outgoing_channel_before_further_messages()
    {
        var p = Joined(P);
        p.Send(Q, "before");
        p.OpenChannel(R, Start);
        p.Initiate(Snapshot(1), Start);
        p.Send(Q, "after");
        p.Send(R, "after");
        var frames = p.TakeFrames();
        Assert.Equal("m1 s1@1 m2", frames.Where(frame => frame.Channel.Target == Q).Shape());
        Assert.Equal("s1@0 m1", frames.Where(frame => frame.Channel.Target == R).Shape());
    }

    /// <summary>
    /// The same rule, where p records because of a marker and the message that follows is born of a delivery.
    /// </summary>
    [Fact]
    public void Marker_sending_rule_holds_for_a_process_that_records_on_a_marker()
    {
        var q = Joined(Q);
        q.OpenChannel(R, Start);
        q.Receive(Marker(P, Q, 1, 1, 0), Start);
        q.Receive(Message(P, Q, 2, 1, "x>r:y"), Start);
        Assert.Equal("s1@0 m1", q.TakeFrames().Shape());
    }

    /// <summary>
    /// "p sends one marker along c": also when more markers of the same snapshot come in, and when it initiates again.
    /// </summary>
    [Fact]
    public void Marker_sending_rule_sends_one_marker_and_no_more()
    {
        var q = Joined(Q);
        q.OpenChannel(P, Start);
        q.Receive(Marker(P, Q, 1, 1, 0), Start);
        q.Initiate(Snapshot(1), Start);
        q.Receive(Marker(R, Q, 1, 1, 0), Start);
        Assert.Equal("s1@0", q.TakeFrames().Shape());
    }

    /// <summary>
    /// "Marker-Receiving Rule for a Process q. On receiving a marker along a channel c: if q has not recorded its state
    /// then begin q records its state; q records the state of c as the empty sequence end …"
    /// </summary>
    [Fact]
    public void Marker_receiving_rule_if_q_has_not_recorded_it_records_and_c_is_the_empty_sequence()
    {
        var q = Joined(Q);
        q.Receive(Message(P, Q, 1, 1, "before"), Start);
        q.Receive(Marker(P, Q, 2, 1, 1), Start);
        q.Receive(Message(P, Q, 3, 2, "after"), Start);
        var local = Assert.IsType<LocalReport<string>>(Assert.Single(q.TakeReports()));
        Assert.Equal("p:before;", local.State);
        Assert.Equal("p:before;p:after;", q.State);
        Assert.Empty(q.ToRecord().Recordings[0].Channels[0].Messages);
    }

    /// <summary>
    /// "… else q records the state of c as the sequence of messages received along c after q's state was recorded and
    /// before q received the marker along c."
    /// </summary>
    [Fact]
    public void Marker_receiving_rule_else_c_is_what_came_after_the_recording_and_before_the_marker()
    {
        var q = Joined(Q);
        q.Receive(Message(P, Q, 1, 1, "before"), Start);
        q.Initiate(Snapshot(1), Start);
        q.Receive(Message(P, Q, 2, 2, "between 1"), Start);
        q.Receive(Message(R, Q, 1, 1, "another channel"), Start);
        q.Receive(Message(P, Q, 3, 3, "between 2"), Start);
        _ = q.TakeEffects();
        q.Receive(Marker(P, Q, 4, 1, 3), Start);
        q.Receive(Message(P, Q, 5, 4, "after"), Start);
        Assert.Equal(
            Render.Text(Channel(P, Q, 1, ["between 1", "between 2"])), Render.Text(Assert.Single(q.TakeReports())));
    }

    /// <summary>
    /// Section 3.2, termination: "If the graph is strongly connected and at least one process spontaneously records its
    /// state, then all processes will record their states in finite time." A ring of four; the markers go round once.
    /// </summary>
    [Fact]
    public void Termination_in_a_ring_all_record_after_one_did()
    {
        ProcessId[] names = [new("p0"), new("p1"), new("p2"), new("p3")];
        var ring = names.Select(name => Joined(name)).ToArray();
        for (var i = 0; i < 4; i++) ring[i].OpenChannel(names[(i + 1) % 4], Start);
        ring[2].Initiate(Snapshot(1), Start);
        var builder = new GlobalStateBuilder<string, string>(Snapshot(1), Epoch.First, names);
        var frames = Deliver(ring, builder);
        Assert.Equal(4, frames);
        Assert.Equal(CollectionStatus.Complete, builder.Status);
        Assert.All(ring, process => Assert.All(
            process.ToRecord().Recordings[0].Channels, channel => Assert.Equal(ChannelRecordingStatus.Settled, channel.Status)));
    }

    /// <summary>
    /// Section 3.3: "The algorithm can be initiated by one or more processes, each of which records its state
    /// spontaneously, without receiving markers from other processes." Every subset of a ring of four gives one and the
    /// same kind of snapshot.
    /// </summary>
    [Fact]
    public void Any_number_of_processes_may_initiate_the_same_snapshot()
    {
        ProcessId[] names = [new("p0"), new("p1"), new("p2"), new("p3")];
        for (var initiators = 1; initiators < 16; initiators++)
        {
            var ring = names.Select(name => Joined(name)).ToArray();
            for (var i = 0; i < 4; i++) ring[i].Send(names[(i + 1) % 4], "in transit");
            for (var i = 0; i < 4; i++)
            {
                if ((initiators & (1 << i)) != 0) ring[i].Initiate(Snapshot(1), Start);
            }

            var builder = new GlobalStateBuilder<string, string>(Snapshot(1), Epoch.First, names);
            Deliver(ring, builder);
            Assert.Equal(CollectionStatus.Complete, builder.Status);
            Assert.Empty(Certificate.Check(builder.ToGlobalState()));
        }
    }

    /// <summary>
    /// Section 2, Example 2.1, the single-token conservation system: two processes, two channels and one token. Read
    /// naively, a snapshot can find no token or two. Under every schedule of eight steps the recorded state has exactly
    /// one, and each of the four global states (in-p, in-c, in-q, in-c') is recorded by some schedule.
    /// </summary>
    [Fact]
    public void The_single_token_is_recorded_exactly_once_under_every_schedule()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var run in SingleToken.EverySchedule(steps: 8))
        {
            if (run.Recorded is not { } recorded) continue;
            Assert.Empty(Certificate.Check(recorded));
            seen.Add(Assert.Single(SingleToken.Places(recorded)));
        }

        Assert.Equal(["in p", "in p->q", "in q", "in q->p"], seen);
    }

    /// <summary>
    /// Section 4, stability detection: for a stable property y, "y(Sι) → y(S*)" and "y(S*) → y(Sφ)". Here y is "the
    /// token has been consumed": held at the start it is recorded; recorded, it holds at the end. And the record tells
    /// it in some run.
    /// </summary>
    [Fact]
    public void A_stable_property_is_recorded_if_it_held_at_the_start_and_holds_at_the_end_if_recorded()
    {
        var (yes, no) = (0, 0);
        foreach (var run in SingleToken.EverySchedule(steps: 7, mayConsume: true))
        {
            if (run.Recorded is not { } recorded) continue;
            var isRecorded = SingleToken.Places(recorded).Count == 0;
            if (run.ConsumedAtTheStart) Assert.True(isRecorded);
            if (isRecorded) Assert.True(run.ConsumedAtTheEnd);
            if (isRecorded) yes++;
            else no++;
        }

        Assert.True(yes > 0 && no > 0);
    }

    /// <summary>
    /// Section 2, Example 2.2, and section 4: the recorded state S* (p in A, q in D, c empty, c' holds M') is none of
    /// the states that the run went through: S0 (A, C), S1 (B, C, M in c), S2 (B, D, M in c, M' in c'), S3 (A, D, M in
    /// c). It is the state between the same events in another order: q sends M' first.
    /// </summary>
    [Fact]
    public void The_recorded_state_need_not_have_occurred_and_is_one_of_a_permuted_run()
    {
        var (p, q) = (Joined(P), Joined(Q));
        p.Apply(new("A"), Start);
        q.Apply(new("C"), Start);
        p.OpenChannel(Q, Start);
        q.OpenChannel(P, Start);

        p.Initiate(Snapshot(1), Start); // p records A in S0 and sends a marker.
        p.Apply(new("B", [new(Q, "M")]), Start);
        q.Apply(new("D", [new(P, "M'")]), Start);
        var builder = new GlobalStateBuilder<string, string>(Snapshot(1), Epoch.First, [P, Q]);
        Deliver([p, q], builder);

        var recorded = builder.ToGlobalState();
        Assert.Equal(["A", "D"], recorded.Processes.Select(process => process.State));
        Assert.Equal(["p->q: ", "q->p: M'"], recorded.Channels.Select(channel =>
            $"{channel.Channel}: {string.Join(' ', channel.Messages.Select(message => message.Message))}"));
        Assert.Empty(Certificate.Check(recorded));
    }

    /// <summary>Delivers everything, in order, until nothing moves. Returns the number of frames delivered.</summary>
    private static int Deliver(TestProcess[] processes, GlobalStateBuilder<string, string> builder)
    {
        var delivered = 0;
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var process in processes)
            {
                var effects = process.TakeEffects();
                foreach (var report in effects.Reports) builder.Accept(report);
                foreach (var frame in effects.Frames)
                {
                    processes.Single(target => target.Id == frame.Channel.Target).Receive(frame, Start);
                    (moved, delivered) = (true, delivered + 1);
                }
            }
        }

        return delivered;
    }
}
