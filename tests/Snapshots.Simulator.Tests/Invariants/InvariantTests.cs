using System.Collections.Immutable;
using Snapshots.Protocol;
using static Snapshots.Simulator.Tests.HandMade;
using Events = System.Collections.Immutable.ImmutableArray<Snapshots.Simulator.TraceEvent<Snapshots.Simulator.LedgerState, Snapshots.Simulator.LedgerMessage>>;

namespace Snapshots.Simulator.Tests;

/// <summary>Each invariant holds in a run by hand, and not when that run is spoiled in one place.</summary>
public sealed class InvariantTests
{
    private static readonly ImmutableArray<IInvariant<LedgerState, LedgerMessage>> All = InvariantSet.Create<LedgerState, LedgerMessage>();

    public static TheoryData<string> Names() => [.. All.Select(invariant => invariant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_holds_in_a_run_as_it_should_be(string name) => Assert.Null(FindBreach(name, Run));

    /// <summary>Snapshot 1 is restored: b delivers the payment that was in transit, in epoch 2.</summary>
    private static readonly DeliveryStep<LedgerState, LedgerMessage> Again = Deliver with { Epoch = new(2) };

    private static readonly Events Restored =
    [
        .. Run.Where(each => each is not ProcessAtRest<LedgerState, LedgerMessage>).Select(each => each with { Epoch = Epoch.First }),
        new LocalStep<LedgerState, LedgerMessage>(A, Deposited, []) { Epoch = Epoch.First }, // It is discarded.
        new RestoreBegun<LedgerState, LedgerMessage>(new(1)),
        new RestoreCommitted<LedgerState, LedgerMessage>(new(1), One, new(2)),
        Again,
        new RestoreEnded<LedgerState, LedgerMessage>(new(1), IsCompleted: true),
        new RecordPersisted<LedgerState, LedgerMessage>(Record(B, Received) with { Epoch = new(2) }) { Epoch = new(2) },
        new StateRead<LedgerState, LedgerMessage>(B, Received) { Epoch = new(2) },
        new ProcessAtRest<LedgerState, LedgerMessage>(Record(A, Paid) with { Epoch = new(2) }, 0, 0) { Epoch = new(2) },
        new ProcessAtRest<LedgerState, LedgerMessage>(Record(B, Received) with { Epoch = new(2) }, 0, 0) { Epoch = new(2) },
    ];

    [Fact]
    public void The_history_of_an_epoch_goes_on_from_the_cut_of_its_source()
    {
        var histories = EpochHistories.Of(Trace(Restored));
        Assert.Equal([(true, false), (false, true)], histories.Select(history => (history.IsDiscarded, history.IsHealed)));
        Assert.Equal([Deposited, Paid, Received], histories[1].Index.Steps.Select(step => step.History.Steps[step.Place].State));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_holds_in_a_run_with_a_restore(string name) => Assert.Null(FindBreach(name, Restored));

    [Fact]
    public void A_restore_that_has_not_ended() =>
        AssertBroken("ends", [.. Restored.Where(each => each is not RestoreEnded<LedgerState, LedgerMessage>)]);

    [Fact]
    public void A_message_in_transit_that_a_restore_does_not_deliver() => AssertBroken("exactlyOnce", Restored.Remove(Again));

    [Fact]
    public void An_answer_of_an_epoch_that_is_over() => AssertBroken("fence", Restored.Add(Answer with { Epoch = Epoch.First }));

    [Fact]
    public void An_open_process_of_an_epoch_that_is_over() => AssertBroken("fence", Restored.Add(PersistA));

    [Fact]
    public void A_reader_that_is_told_the_old_state_in_the_new_epoch() =>
        AssertBroken("reads", Restored.Add(new StateRead<LedgerState, LedgerMessage>(B, Deposited) { Epoch = new(2) }));

    [Fact]
    public void A_reader_that_is_told_what_is_not_stored() => AssertBroken(
        "reads", Restored.Add(new StateRead<LedgerState, LedgerMessage>(B, Received with { Received = 31 }) { Epoch = new(2) }));

    [Fact]
    public void Only_an_activation_that_was_overtaken_tells_an_earlier_state()
    {
        Events later = [.. Restored, new RecordPersisted<LedgerState, LedgerMessage>(Record(B, Paid) with { Epoch = new(2) }) { Epoch = new(2) }];
        var read = new StateRead<LedgerState, LedgerMessage>(B, Received) { Epoch = new(2) };
        AssertBroken("reads", later.Add(read));
        Assert.Null(FindBreach("reads", later.Add(read with { IsStale = true })));
    }

    [Fact]
    public void A_client_that_takes_an_answer_of_an_epoch_that_is_over()
    {
        var taken = new AnswerTaken<LedgerState, LedgerMessage>(1, A) { Epoch = new(2) };
        AssertBroken("forward", [.. Restored, taken, new AnswerTaken<LedgerState, LedgerMessage>(1, B) { Epoch = Epoch.First }]);
        Assert.Null(FindBreach("forward", [.. Restored, taken, new AnswerTaken<LedgerState, LedgerMessage>(0, B) { Epoch = Epoch.First }]));
    }

    /// <summary>What a damaged process may not do in the epoch that it lived in, and what it may.</summary>
    [Fact]
    public void A_damaged_process_does_nothing_and_is_replaced_by_a_part_alone()
    {
        var damaged = new JournalDamaged<LedgerState, LedgerMessage>(A) { Epoch = Epoch.First };
        var before = Run.Take(7).Select(each => each with { Epoch = Epoch.First }).Append(damaged).ToImmutableArray();
        foreach (var deed in new[] { Run[1], Pay, CutOfA, PersistA, SendPayment, Answer })
            AssertBroken("damage", before.Add(deed with { Epoch = Epoch.First }));
        var closed = new RecordPersisted<LedgerState, LedgerMessage>(Record(A, LedgerState.Empty) with { IsClosed = true });
        AssertBroken("damage", before.Add(closed));
        Assert.Null(FindBreach("damage", before.Add(new RecordPersisted<LedgerState, LedgerMessage>(closed.Record with { Damage = "gone" }))));
        var part = new RecordPersisted<LedgerState, LedgerMessage>(Record(A, Paid) with { Epoch = new(2) }) { Epoch = new(2) };
        Assert.Null(FindBreach("damage", [.. before, part, Answer with { Epoch = new(2) }]));
    }

    [Fact]
    public void A_damaged_process_at_the_end_although_a_snapshot_could_be_restored()
    {
        var left = new DamagedAtRest<LedgerState, LedgerMessage>(B);
        Events run = [.. Run.RemoveAt(Run.Length - 1), new JournalDamaged<LedgerState, LedgerMessage>(B), left];
        AssertBroken("ends", run);
        var aborted = run.Replace(Completed, (TraceEvent<LedgerState, LedgerMessage>)new SnapshotAborted<LedgerState, LedgerMessage>(One, "b is damaged", IsExpected: true));
        Assert.Null(FindBreach("ends", aborted));
        AssertBroken("ends", aborted.RemoveAt(aborted.Length - 2));
    }

    [Fact]
    public void What_waits_for_a_damaged_process_and_nothing_else_stays_open()
    {
        var waiting = PersistA.Record with { Recordings = [] };
        Events run =
        [
            new JournalDamaged<LedgerState, LedgerMessage>(B),
            new ProcessAtRest<LedgerState, LedgerMessage>(waiting, 0, 1),
            new DamagedAtRest<LedgerState, LedgerMessage>(B),
        ];
        Assert.Null(FindBreach("ends", run));
        AssertBroken("ends", run.Replace(run[2], new DamagedAtRest<LedgerState, LedgerMessage>(ProcessNames.Of(2))).Add(new JournalDamaged<LedgerState, LedgerMessage>(ProcessNames.Of(2))));
        AssertBroken("ends", run.Insert(1, new ProcessAsleep<LedgerState, LedgerMessage>(PersistClosed.Record with { Outgoing = waiting.Outgoing.Replace(waiting.Outgoing[0], waiting.Outgoing[0] with { Target = ProcessNames.Of(2) }) })));
        AssertBroken("ends", run.Replace(run[1], new ProcessAtRest<LedgerState, LedgerMessage>(Record(A, Paid), 0, 1)));
    }

    [Fact]
    public void A_member_that_is_listed_and_left_out()
    {
        var mark = new ShardMarked<LedgerState, LedgerMessage>(new(One, [One]), new(1), 0, [A, B]);
        Assert.Null(FindBreach("listed", Run.Insert(1, mark)));
        AssertBroken("listed", Run.Insert(1, mark with { Members = [A, B, ProcessNames.Of(2)] }));
    }

    [Fact]
    public void An_answer_before_the_cut_holds_after_the_restore() => AssertBroken("exactlyOnce", Restored
        .Replace(Restored[1], new RequestAnswered<LedgerState, LedgerMessage>(A, 9, IsAccepted: true, Identity: null) { Epoch = Epoch.First })
        .Add(new RequestAnswered<LedgerState, LedgerMessage>(A, 9, IsAccepted: false, Identity: null) { Epoch = new(2) }));

    [Fact]
    public void Another_message_than_was_sent() =>
        AssertBroken("fifo", Run.Replace(Deliver, Deliver with { Message = Payment with { Amount = 31 } }));

    [Fact]
    public void A_message_from_nowhere() => AssertBroken("fifo", Run.Replace(Pay, Pay with { Sent = [] }));

    [Fact]
    public void A_step_that_a_crash_took_away_sends_nothing() =>
        AssertBroken("fifo", Run.Replace(Pay, Pay with { IsLost = true }));

    [Theory]
    [InlineData("noOrphan")]
    [InlineData("causality")]
    [InlineData("reordering")]
    public void A_message_received_before_the_cut_and_sent_after_it(string name) =>
        AssertBroken(name, Run.Move(CutOfA, Run[1]).Move(CutOfB, Deliver));

    [Fact]
    public void A_state_that_was_not_the_state_at_the_cut() =>
        AssertBroken("localState", Run.Replace(CutOfA, Cut(CutOfA.Report with { State = Deposited })));

    [Fact]
    public void A_count_that_is_not_what_was_sent() =>
        AssertBroken("localState", Run.Replace(CutOfA, Cut(CutOfA.Report with { Sent = [new(B, new(2))] })));

    [Fact]
    public void A_count_that_is_left_out() => AssertBroken("localState", Run.Replace(CutOfA, Cut(CutOfA.Report with { Sent = [] })));

    [Fact]
    public void A_member_that_has_recorded_nothing() => AssertBroken("localState", Run.Remove(CutOfB));

    [Theory]
    [InlineData("channelState")]
    [InlineData("conservation")]
    [InlineData("reordering")]
    [InlineData("certificate")]
    public void A_message_in_transit_that_is_missing(string name) => AssertBroken(name, Run.Replace(Completed, Completed with
    {
        State = Completed.State with { Channels = [new(Channel, new(1), new(0), [])] },
    }));

    [Fact]
    public void A_channel_that_is_left_out() => AssertBroken("channelState", Run.Replace(Completed, Completed with
    {
        State = Completed.State with { Channels = [] },
    }));

    [Fact]
    public void An_application_that_does_something_else() =>
        AssertBroken("reordering", Run.Replace(Deliver, Deliver with { State = Received with { Received = 29 } }));

    [Fact]
    public void Money_that_is_gone_at_the_end() =>
        AssertBroken("conservation", Run.Replace(Run[^1], new ProcessAtRest<LedgerState, LedgerMessage>(Record(B, LedgerState.Empty), 0, 0)));

    [Fact]
    public void Two_records_of_one_snapshot() => AssertBroken("oneRecord", Run.Insert(4, CutOfA with { }));

    [Fact]
    public void A_newcomer_that_pays_before_it_records() =>
        AssertBroken("newcomer", Run.Insert(1, new ProcessJoined<LedgerState, LedgerMessage>(A, new(One, [One]))));

    [Fact]
    public void Two_markers_on_one_channel() =>
        AssertBroken("oneMarker", Run.Insert(8, Send(Frame(3, SendMarker.Frame.Content))));

    [Fact]
    public void A_number_that_means_two_things() =>
        AssertBroken("oneMarker", Run.Insert(8, Send(Frame(1, SendMarker.Frame.Content))));

    [Fact]
    public void A_message_that_becomes_void() =>
        AssertBroken("oneMarker", Run.Insert(8, Send(Frame(1, new VoidContent<LedgerMessage>()))));

    [Fact]
    public void A_marker_before_a_message_that_was_sent_before_the_cut() => AssertBroken("markerPlace", Run
        .Replace(SendPayment, Send(Frame(2, SendPayment.Frame.Content)))
        .Replace(SendMarker, Send(Frame(1, SendMarker.Frame.Content))));

    [Fact]
    public void A_marker_with_another_count() =>
        AssertBroken("markerPlace", Run.Replace(SendMarker, Send(Frame(2, new MarkerContent<LedgerMessage>(One, new(0))))));

    [Fact]
    public void A_message_after_the_cut_without_a_marker() => AssertBroken("markerPlace", Run.Move(CutOfA, Run[1]).Remove(SendMarker));

    [Fact]
    public void A_frame_that_is_kept_no_more() =>
        AssertBroken("outbox", Run.Replace(PersistA, Outbox(PersistA.Record.Outgoing[0].Unacknowledged.RemoveAt(0))));

    [Fact]
    public void A_marker_of_a_snapshot_that_is_known_to_have_ended() =>
        AssertBroken("outbox", Run.Replace(PersistA, new RecordPersisted<LedgerState, LedgerMessage>(PersistA.Record with { Known = new(One, []) })));

    [Fact]
    public void Two_void_runs_side_by_side() => AssertBroken("outbox", Run.Replace(PersistA, Outbox(
        [.. PersistA.Record.Outgoing[0].Unacknowledged.Select(entry => entry with { Content = new VoidContent<LedgerMessage>() })])));

    [Fact]
    public void A_channel_that_stays_open_behind_its_marker() => AssertBroken("recording", Run.Replace(PersistClosed, Recording(2, ChannelRecordingStatus.Recording, Payment)));

    [Fact]
    public void A_channel_that_is_closed_before_its_marker() => AssertBroken("recording", Run.Replace(PersistClosed, Recording(1, ChannelRecordingStatus.Closed, Payment)));

    [Fact]
    public void A_delivered_message_that_is_not_recorded() => AssertBroken("recording", Run.Replace(PersistClosed, Recording(1, ChannelRecordingStatus.Recording)));

    [Fact]
    public void A_refused_request_that_was_sent() => AssertBroken("exactlyOnce", Run.Replace(Answer, Answer with { IsAccepted = false }));

    [Fact]
    public void An_accepted_request_that_was_not_sent() => AssertBroken("exactlyOnce", Run.Insert(8, Answer with { Key = 2, Identity = 4 }));

    [Fact]
    public void A_request_with_two_answers() =>
        AssertBroken("exactlyOnce", Run.Insert(8, Answer with { Identity = null, IsAccepted = false }));

    [Fact]
    public void A_message_that_never_arrives() => AssertBroken("exactlyOnce", Run.Remove(Deliver));

    [Fact]
    public void A_frame_before_its_step_is_written() => AssertBroken("persistedFirst", Run.Move(PersistA, SendPayment));

    [Fact]
    public void An_acknowledgement_before_its_step_is_written() => AssertBroken("persistedFirst", Run.Move(Run[12], Run[8]));

    [Fact]
    public void A_report_before_its_cut_is_written() => AssertBroken("persistedFirst", Run.Move(Run[14], Run[8]));

    [Fact]
    public void A_process_that_comes_back_as_another() =>
        AssertBroken("recovery", Run.Insert(5, new ProcessRestored<LedgerState, LedgerMessage>(PersistA.Record with { Recordings = [] })));

    [Fact]
    public void A_snapshot_that_reads_as_another() => AssertBroken("certificate", Run.Replace(Run[16], new SnapshotReadAgain<LedgerState, LedgerMessage>(
        One, Completed.State with { Processes = [new(A, Deposited), new(B, LedgerState.Empty)] })));

    [Fact]
    public void A_snapshot_that_cannot_be_read() =>
        AssertBroken("certificate", Run.Replace(Run[16], new SnapshotReadAgain<LedgerState, LedgerMessage>(One, null)));

    [Fact]
    public void A_snapshot_whose_certificate_fails() =>
        AssertBroken("certificate", Run.Replace(Completed, (TraceEvent<LedgerState, LedgerMessage>)new SnapshotAborted<LedgerState, LedgerMessage>(One, "no", IsExpected: false)));

    [Fact]
    public void An_impossible_input() => AssertBroken("noFault", Run.Add(
        new FaultFound<LedgerState, LedgerMessage>(A, new(Channel, ChannelFaultKind.CountMismatch, "2 after 0"))));

    [Fact]
    public void A_snapshot_that_does_not_end() => AssertBroken("ends", Run.Remove(Completed));

    [Fact]
    public void A_frame_that_nobody_acknowledges() =>
        AssertBroken("ends", Run.Replace(Run[17], new ProcessAtRest<LedgerState, LedgerMessage>(PersistA.Record with { Recordings = [] }, 0, 0)));

    [Fact]
    public void A_recording_that_stays_open() =>
        AssertBroken("ends", Run.Replace(Run[17], new ProcessAtRest<LedgerState, LedgerMessage>(PersistA.Record with { Outgoing = [] }, 0, 0)));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void Something_held_back_or_unanswered(int heldBack, int unanswered) =>
        AssertBroken("ends", Run.Replace(Run[17], new ProcessAtRest<LedgerState, LedgerMessage>(Record(A, Paid), heldBack, unanswered)));

    [Fact]
    public void Every_event_between_processes_may_stand_in_another_order()
    {
        var histories = Run.GroupBy(each => each.Process).OrderByDescending(group => group.Key.Value, StringComparer.Ordinal).Select(group => group.ToList());
        var merged = CausalOrder.Merge(histories);
        Assert.Equal(Run.Length, merged.Count);
        Assert.Equal(B, merged[0].Process);
        Assert.All(All, invariant => Assert.Null(invariant.FindBreach(Trace(merged))));
    }

    private static RecordPersisted<LedgerState, LedgerMessage> Recording(long delivered, ChannelRecordingStatus status, params LedgerMessage[] messages) =>
        new(PersistClosed.Record with
        {
            Incoming = [new(A, new(delivered), new(1), default)],
            Recordings = [new(One, null, [new(A, new(0), status, [.. messages])], false, false)],
        });

    private static RecordPersisted<LedgerState, LedgerMessage> Outbox(ImmutableArray<OutboxEntry<LedgerMessage>> entries) =>
        new(PersistA.Record with { Outgoing = [PersistA.Record.Outgoing[0] with { Unacknowledged = entries }] });

    private static CutStep<LedgerState, LedgerMessage> Cut(LocalReport<LedgerState> report) => new(report);

    private static FrameSent<LedgerState, LedgerMessage> Send(LedgerFrame frame) => new(frame);

    private static void AssertBroken(string name, Events run) => Assert.NotNull(FindBreach(name, run));

    private static string? FindBreach(string name, Events run) =>
        InvariantSet.FindBreaches([All.Single(invariant => invariant.Name == name)], Trace(run)).SingleOrDefault()?.Detail;
}
