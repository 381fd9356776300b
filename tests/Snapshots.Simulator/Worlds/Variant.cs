using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// How a simulated system is put together. This one is as it should be; a planted fault derives from it and spoils one
/// thing. A variant belongs to one run.
/// </summary>
internal class Variant
{
    /// <summary>The application that the processes run.</summary>
    public virtual LedgerApplication Application => LedgerApplication.Instance;

    /// <summary>Whether acknowledgements leave before the step that they show is persisted.</summary>
    public bool AcknowledgesFirst { get; init; }

    /// <summary>Whether frames leave before the step that they show is persisted.</summary>
    public bool SendsFirst { get; init; }

    /// <summary>Whether a report is confirmed before it is persisted.</summary>
    public bool ConfirmsFirst { get; init; }

    /// <summary>Whether the storage takes a write that was made behind another's back.</summary>
    public bool TakesStaleWrites { get; init; }

    /// <summary>Whether a request is answered before what it did is stored.</summary>
    public bool AnswersFirst { get; init; }

    /// <summary>Whether frames are written without an entry in the pending-work registry.</summary>
    public bool WorksWithoutToken { get; init; }

    /// <summary>Whether a token is released as soon as it is stored.</summary>
    public bool ReleasesAtOnce { get; init; }

    /// <summary>Whether an activation goes on after a write that failed, as if it had taken effect.</summary>
    public bool GoesOnAfterFailedWrites { get; init; }

    /// <summary>Whether a directory shard answers a mark without a look whether it is stale.</summary>
    public bool MarksUnverified { get; init; }

    /// <summary>Whether a shard lets a process be awake before it has stored that, and asked what is open.</summary>
    public bool WakesUnasked { get; init; }

    /// <summary>Whether a process at rest is awake without its shard.</summary>
    public bool AwakesAlone { get; init; }

    /// <summary>Whether a shard is told of a rest before that is stored.</summary>
    public bool TellsRestsFirst { get; init; }

    /// <summary>Whether a shard keeps the reports of processes that are awake.</summary>
    public bool KeepsReports { get; init; }

    /// <summary>Whether the copies of rests that a keeper makes are lost.</summary>
    public bool LosesCopies { get; init; }

    /// <summary>Whether a keeper deletes copies that other snapshots refer to.</summary>
    public bool FreesShared { get; init; }

    /// <summary>Whether a process confirms an order of a restore before it is durable.</summary>
    public bool ConfirmsOrdersFirst { get; init; }

    /// <summary>Whether a process is woken without a fence after a write that failed.</summary>
    public bool WakesUnfenced { get; init; }

    /// <summary>Whether a process whose journal is damaged is taken for one that never registered.</summary>
    public bool TakesDamageForNewcomer { get; init; }

    /// <summary>Whether a damaged process reports an empty state to a snapshot.</summary>
    public bool ReportsWhenDamaged { get; init; }

    /// <summary>Whether a damaged process leaves the asks of a collection without an answer.</summary>
    public bool HidesDamage { get; init; }

    /// <summary>Whether a reader is told what is in memory.</summary>
    public bool ReadsMemory { get; init; }

    /// <summary>Whether clients take answers of epochs that are over.</summary>
    public bool TakesOldAnswers { get; init; }

    /// <summary>Whether a reader is told the last stored state while a part of a restore is being stored.</summary>
    public bool ReadsUnstored { get; init; }

    /// <summary>Whether a shard takes newcomers while it is closed.</summary>
    public bool AdmitsStrangers { get; init; }

    /// <summary>Whether a restore is committed without closing anything.</summary>
    public bool SkipsClosing { get; init; }

    /// <summary>How far a shard says it is with an order.</summary>
    public virtual ShardStanding Arrive(ShardStanding standing) => standing;

    /// <summary>The part that a shard sends to a process.</summary>
    public virtual RestorePart<LedgerState, LedgerMessage> Send(RestorePart<LedgerState, LedgerMessage> part) => part;

    /// <summary>What a shard answers to a closed process.</summary>
    public virtual Gate Answer(Gate gate) => gate;

    /// <summary>What the index stores.</summary>
    public virtual IndexRecord Store(IndexRecord record) => record;

    /// <summary>The journal takes a write.</summary>
    public virtual void Store(JournalRow journal, WriteWork<LedgerState, LedgerMessage> work) => journal.Store(work);

    /// <summary>What an activation reads of a journal: the record, or what is damaged.</summary>
    public virtual (LedgerRecord? Record, string? Damage) Read(JournalRow journal) => journal.Read();

    /// <summary>Makes a process, from its record if it has one.</summary>
    public virtual HostedProcess Create(
        ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now) =>
        new(id, application, profile, record, now);

    /// <summary>Whether processes whose channel states are missing are asked again.</summary>
    public bool AsksReceivers { get; init; } = true;

    /// <summary>Whether a report that comes again is stored again.</summary>
    public bool StoresReportsTwice { get; init; }

    /// <summary>Whether a number is used before it is stored.</summary>
    public bool UsesNumbersFirst { get; init; }

    /// <summary>Whether a report counts before it is stored.</summary>
    public bool CountsReportsFirst { get; init; }

    /// <summary>Whether an end is told before it is stored.</summary>
    public bool TellsEndsFirst { get; init; }

    /// <summary>Whether a deletion leaves pages.</summary>
    public bool ForgetsPages { get; init; }

    /// <summary>How a part stands, as its collector sees it.</summary>
    public virtual PartView Arrive(PartView view) => view;

    /// <summary>A page of counts as it reaches a part that has heard so much; none if it does not hear it.</summary>
    public virtual CountPage? Hear(HeardCounts heard, CountPage page) => page;

    /// <summary>The global state that is read out of the stored reports.</summary>
    public virtual LedgerSnapshot Read(LedgerSnapshot state, IReadOnlyList<Report> reports) => state;

    /// <summary>A report as it reaches a collector.</summary>
    public virtual Report Arrive(Report report, Epoch epoch) => report;

    /// <summary>What the index says of the snapshots.</summary>
    public virtual SnapshotAnnouncement Announce(SnapshotAnnouncement announcement) => announcement;
}
