using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// A process as its participant sees it. <see cref="Process{TState, TMessage}"/> is the one implementation; the
/// simulator puts planted faults in its place.
/// </summary>
internal interface IProcess<TState, TMessage>
{
    ProcessId Id { get; }

    ProtocolLimits Limits { get; }

    Epoch Epoch { get; }

    Gate Gate { get; }

    string? Damage { get; }

    TState State { get; }

    bool HasJoined { get; }

    long Revision { get; }

    IReadOnlyCollection<SnapshotNumber> OpenRecordings { get; }

    bool HasUnacknowledgedFrames { get; }

    Instant? UnacknowledgedSince { get; }

    ProcessCounters Counters { get; }

    bool AwaitsMarker(SnapshotNumber snapshot, ProcessId source);

    bool HasRoom(ProcessId target, int messages);

    void Join(Epoch epoch, SnapshotAnnouncement announcement, Instant now);

    /// <summary>Whether the process rests.</summary>
    bool IsResting { get; }

    /// <summary>The present rest, or the last one.</summary>
    RestMark RestMark { get; }

    void Rest();

    void Awake(RestMark mark, SnapshotAnnouncement announcement, Instant now);

    LocalStateReport RestReport();

    void Apply(Reaction<TState, TMessage> reaction, Instant now);

    void Apply(Reaction<TState, TMessage>? reaction, KeyedRequest request, Instant now);

    KeyStanding Find(RequestKey key, ulong fingerprint, long wallMs, out ImmutableArray<byte> outcome);

    KeyStanding Find(RequestKey key, long wallMs, out ImmutableArray<byte> outcome);

    IEnumerable<TMessage> UnacknowledgedTo(ProcessId target);

    /// <summary>Whether the outgoing channel to a process is open.</summary>
    bool HasChannelTo(ProcessId target);

    void OpenChannel(ProcessId target, Instant now);

    void Initiate(SnapshotNumber snapshot, Instant now);

    void Receive(Frame<TMessage> frame, Instant now);

    void Receive(Acknowledgement acknowledgement, Instant now);

    void Receive(EpochNotice notice);

    void Learn(SnapshotAnnouncement announcement);

    bool Obey(Gate gate, string? damage);

    bool Restore(RestorePart<TState, TMessage> part, Instant now);

    void Accept(Report report);

    void Resend(Instant now);

    Effects<TMessage> TakeEffects();

    IEnumerable<Report> UnacceptedReports();

    ProcessRecord<TState, TMessage> TakeRecord(long wallMs);

    ProcessChange<TState, TMessage> TakeChange();
}
