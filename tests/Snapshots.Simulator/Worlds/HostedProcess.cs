using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// A process of the core as its host sees it: its inputs, its effects and its record. A planted fault overrides what it
/// spoils, or edits the record and makes the process again from it; the core itself knows nothing of faults.
/// </summary>
internal class HostedProcess
{
    private readonly IApplication<LedgerState, LedgerMessage> _application;
    private readonly Profile _profile;
    private LedgerProcess _core;
    private long _earlierRevisions;
    private bool _isRebuilt;

    public HostedProcess(ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    {
        Id = id;
        _application = application;
        _profile = profile;
        _core = record is null
            ? new(id, application, profile.Opening, profile.Limits, profile.Markers)
            : new(record, application, profile.Opening, profile.Limits, now, profile.Markers);
    }

    public ProcessId Id { get; }

    public LedgerState State => _core.State;

    public SnapshotAnnouncement Known => _core.Known;

    public Epoch Epoch => _core.Epoch;

    public Gate Gate => _core.Gate;

    public string? Damage => _core.Damage;

    public bool IsResting => _core.IsResting;

    public RestMark RestMark => _core.RestMark;

    public bool HasJoined => _core.HasJoined;

    public bool IsUnfinished => _core.IsUnfinished;

    public long Revision => _earlierRevisions + _core.Revision;

    public IReadOnlyCollection<SnapshotNumber> OpenRecordings => _core.OpenRecordings;

    public bool HasUnacknowledgedFrames => _core.HasUnacknowledgedFrames;

    public int HeldBackFrames => _core.HeldBackFrames;

    public ProcessCounters Counters => _core.Counters;

    public bool AwaitsMarker(SnapshotNumber snapshot, ProcessId source) => _core.AwaitsMarker(snapshot, source);

    protected Profile Profile => _profile;

    protected LedgerProcess Core => _core;

    public virtual void Join(Epoch epoch, SnapshotAnnouncement announcement, Instant now) => _core.Join(epoch, announcement, now);

    public virtual void Rest() => _core.Rest();

    public virtual void Awake(RestMark mark, SnapshotAnnouncement announcement, Instant now) => _core.Awake(mark, announcement, now);

    public LocalStateReport RestReport() => _core.RestReport();

    public virtual void Apply(LedgerReaction reaction, Instant now) => _core.Apply(reaction, now);

    public void Apply(LedgerReaction? reaction, KeyedRequest request, Instant now) => _core.Apply(reaction, request, now);

    public KeyStanding Find(RequestKey key, ulong fingerprint, long wallMs, out ImmutableArray<byte> outcome) =>
        _core.Find(key, fingerprint, wallMs, out outcome);

    public KeyStanding Find(RequestKey key, long wallMs, out ImmutableArray<byte> outcome) =>
        _core.Find(key, wallMs, out outcome);

    public IEnumerable<LedgerMessage> UnacknowledgedTo(ProcessId target) => _core.UnacknowledgedTo(target);

    public bool HasChannelTo(ProcessId target) => _core.HasChannelTo(target);

    public virtual void OpenChannel(ProcessId target, Instant now) => _core.OpenChannel(target, now);

    public virtual void Initiate(SnapshotNumber snapshot, Instant now) => _core.Initiate(snapshot, now);

    public virtual void Receive(LedgerFrame frame, Instant now) => _core.Receive(frame, now);

    public virtual void Receive(Acknowledgement acknowledgement, Instant now) => _core.Receive(acknowledgement, now);

    public virtual void Receive(EpochNotice notice) => _core.Receive(notice);

    public virtual void Learn(SnapshotAnnouncement announcement) => _core.Learn(announcement);

    public virtual bool Obey(Gate gate, string? damage) => _core.Obey(gate, damage);

    public virtual bool Restore(RestorePart<LedgerState, LedgerMessage> part, Instant now) => _core.Restore(part, now);

    public virtual void Accept(Report report) => _core.Accept(report);

    public virtual void Resend(Instant now) => _core.Resend(now);

    public virtual LedgerEffects TakeEffects() => _core.TakeEffects();

    public virtual IEnumerable<Report> UnacceptedReports() => _core.UnacceptedReports();

    public virtual bool HasRoom(ProcessId target, int messages) => _core.HasRoom(target, messages);

    public LedgerRecord ToRecord() => _core.ToRecord();

    public LedgerRecord TakeRecord(long wallMs)
    {
        _isRebuilt = false;
        return _core.TakeRecord(wallMs);
    }

    /// <summary>What has changed; of a process that was made again from an edited record, that is all of it.</summary>
    public ProcessChange<LedgerState, LedgerMessage> TakeChange() => _isRebuilt ? Whole(TakeRecord(wallMs: 0)) : _core.TakeChange();

    public OutgoingChannelRecord<LedgerMessage>? OutgoingTo(ProcessId target) => _core.OutgoingTo(target);

    public IncomingChannelRecord? IncomingFrom(ProcessId source) => _core.IncomingFrom(source);

    /// <summary>
    /// Makes the process again from another record. Effects that were not taken, and frames held back, are lost.
    /// </summary>
    protected void Rebuild(LedgerRecord record, Instant now)
    {
        _isRebuilt = true;
        _earlierRevisions += _core.Revision + 1;
        _core = new(record, _application, _profile.Opening, _profile.Limits, now, _profile.Markers);
    }

    private static ProcessChange<LedgerState, LedgerMessage> Whole(LedgerRecord record) => new(
        record.Epoch,
        record.State,
        record.Requests.ChangesSince(RequestMemory.Empty),
        record.Known,
        [.. record.Outgoing.Select(channel => new OutgoingChannelChange<LedgerMessage>(
            channel.Target,
            channel.Acknowledged,
            channel.AcknowledgedDigest,
            channel.Last,
            channel.Sent,
            KeptUpTo: channel.Acknowledged,
            channel.Unacknowledged)
        {
            MarkedUpTo = channel.MarkedUpTo,
        })],
        record.Incoming,
        [.. record.Recordings.Select(recording => new RecordingChange<LedgerState, LedgerMessage>(
            recording.Snapshot,
            recording.Local,
            KeepsLocal: false,
            [.. recording.Channels.Select(channel => new ChannelRecordingChange<LedgerMessage>(
                channel.Source, channel.DeliveredBefore, channel.Status, KeptMessages: 0, channel.Messages))],
            recording.Overflow,
            recording.OverflowAccepted)
        {
            Ordinal = recording.Ordinal,
        })])
    {
        LastOrdinal = record.LastOrdinal,
        Restore = record.Restore,
        IsClosed = record.IsClosed,
        Generation = record.Generation,
        IsResting = record.IsResting,
    };
}
