using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator.Tests;

/// <summary>
/// A run by hand: a deposits 100 and pays 30 to b, and records snapshot 1 behind the payment; b records it before the
/// payment arrives. So 30 is in transit.
/// </summary>
internal static class HandMade
{
    public static readonly ProcessId A = ProcessNames.Of(0);
    public static readonly ProcessId B = ProcessNames.Of(1);
    public static readonly ChannelId Channel = new(A, B);
    public static readonly SnapshotNumber One = new(1);
    public static readonly LedgerMessage Payment = new(1, 30, IsReturn: false);
    public static readonly LedgerState Deposited = LedgerState.Empty with { Steps = 1, Own = 100, Deposited = 100 };
    public static readonly LedgerState Paid = LedgerState.Empty with { Steps = 2, Own = 70, Deposited = 100 };
    public static readonly LedgerState Received = LedgerState.Empty with { Steps = 1, Received = 30 };

    public static readonly SnapshotCompleted<LedgerState, LedgerMessage> Completed = new(One, new(
        [new(A, Paid), new(B, LedgerState.Empty)],
        [new(Channel, new(1), new(0), [new(new(1), Payment)])]));

    public static readonly CutStep<LedgerState, LedgerMessage> CutOfA = new(new LocalReport<LedgerState>(One, Epoch.First, A, Paid, [new(B, new(1))], []));
    public static readonly CutStep<LedgerState, LedgerMessage> CutOfB = new(new LocalReport<LedgerState>(One, Epoch.First, B, LedgerState.Empty, [], []));
    public static readonly LocalStep<LedgerState, LedgerMessage> Pay = new(A, Paid, [new(B, Payment)]);
    public static readonly DeliveryStep<LedgerState, LedgerMessage> Deliver = new(B, A, Payment, Received, []);
    public static readonly FrameSent<LedgerState, LedgerMessage> SendPayment = new(Frame(1, new MessageContent<LedgerMessage>(new(1), Payment)));
    public static readonly FrameSent<LedgerState, LedgerMessage> SendMarker = new(Frame(2, new MarkerContent<LedgerMessage>(One, new(1))));
    public static readonly RequestAnswered<LedgerState, LedgerMessage> Answer = new(A, 1, IsAccepted: true, Payment.Identity);
    public static readonly RecordPersisted<LedgerState, LedgerMessage> PersistA = new(Record(A, Paid) with
    {
        Outgoing = [new(B, new(0), default, new(2), new(1), [Entry(SendPayment), Entry(SendMarker)])],
        Recordings = [new(One, CutOfA.Report, [], false, false)],
    });

    public static readonly RecordPersisted<LedgerState, LedgerMessage> PersistClosed = new(PersistB(2, new(A, new(0), ChannelRecordingStatus.Closed, [Payment])));

    /// <summary>All that happened.</summary>
    public static readonly ImmutableArray<TraceEvent<LedgerState, LedgerMessage>> Run =
    [
        new SnapshotBegun<LedgerState, LedgerMessage>(One),
        new LocalStep<LedgerState, LedgerMessage>(A, Deposited, []),
        Pay,
        CutOfA,
        PersistA,
        SendPayment,
        SendMarker,
        Answer,
        CutOfB,
        new RecordPersisted<LedgerState, LedgerMessage>(Record(B, LedgerState.Empty) with { Recordings = [new(One, CutOfB.Report, [], false, false)] }),
        Deliver,
        new RecordPersisted<LedgerState, LedgerMessage>(PersistB(1, new(A, new(0), ChannelRecordingStatus.Recording, [Payment]))),
        new AcknowledgementSent<LedgerState, LedgerMessage>(new(Channel, Epoch.First, new(1), default)),
        PersistClosed,
        new ReportSent<LedgerState, LedgerMessage>(new ChannelReport<LedgerMessage>(One, Epoch.First, B, A, new(0), [Payment])),
        Completed,
        new SnapshotReadAgain<LedgerState, LedgerMessage>(One, Completed.State),
        new ProcessAtRest<LedgerState, LedgerMessage>(Record(A, Paid), 0, 0),
        new ProcessAtRest<LedgerState, LedgerMessage>(Record(B, Received), 0, 0),
    ];

    public static LedgerRecord Record(ProcessId process, LedgerState state) =>
        new(process, Epoch.First, state, RequestMemory.Empty, SnapshotAnnouncement.None, [], [], []);

    /// <summary>The trace of these events, which has come to rest.</summary>
    public static LedgerTrace Trace(IEnumerable<TraceEvent<LedgerState, LedgerMessage>> events)
    {
        var trace = new LedgerTrace(LedgerApplication.Instance) { IsHealed = true };
        foreach (var each in events) trace.Add(each);
        return trace;
    }

    public static LedgerFrame Frame(long number, FrameContent<LedgerMessage> content) =>
        new(Channel, Epoch.First, new(number), new(number), content, default);

    /// <summary>The run with one event moved behind another.</summary>
    public static ImmutableArray<TraceEvent<LedgerState, LedgerMessage>> Move(
        this ImmutableArray<TraceEvent<LedgerState, LedgerMessage>> run,
        TraceEvent<LedgerState, LedgerMessage> moved,
        TraceEvent<LedgerState, LedgerMessage> behind)
    {
        var rest = run.Remove(moved, ReferenceEqualityComparer.Instance);
        return rest.Insert(rest.IndexOf(behind) + 1, moved);
    }

    private static LedgerRecord PersistB(long delivered, ChannelRecordingRecord<LedgerMessage> recording) => Record(B, Received) with
    {
        Incoming = [new(A, new(delivered), new(1), default)],
        Recordings = [new(One, null, [recording], false, false)],
    };

    private static OutboxEntry<LedgerMessage> Entry(FrameSent<LedgerState, LedgerMessage> sent) =>
        new(sent.Frame.First, sent.Frame.Last, sent.Frame.Content, default);
}
