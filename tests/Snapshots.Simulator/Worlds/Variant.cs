using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// How a simulated system is put together. This one is as it should be; a planted fault derives from it and spoils one thing. A
/// variant belongs to one run.
/// </summary>
internal class Variant
{
    /// <summary>The application that the processes run.</summary>
    public virtual LedgerApplication Application => LedgerApplication.Instance;

    /// <summary>Whether acknowledgements leave before the step that they show is persisted.</summary>
    public virtual bool AcknowledgesFirst => false;

    /// <summary>Whether frames leave before the step that they show is persisted.</summary>
    public virtual bool SendsFirst => false;

    /// <summary>Whether a report is confirmed before it is persisted.</summary>
    public virtual bool ConfirmsFirst => false;

    /// <summary>Whether the storage takes a write that was made behind another's back.</summary>
    public virtual bool TakesStaleWrites => false;

    /// <summary>Whether a request is answered before what it did is stored.</summary>
    public virtual bool AnswersFirst => false;

    /// <summary>Whether frames are written without an entry in the pending-work registry.</summary>
    public virtual bool WorksWithoutToken => false;

    /// <summary>Whether a token is released as soon as it is stored.</summary>
    public virtual bool ReleasesAtOnce => false;

    /// <summary>Whether a process that is woken says that it has no work before it has written a fence.</summary>
    public virtual bool WakesWithoutFence => false;

    /// <summary>Whether an activation goes on after a write that failed, as if it had taken effect.</summary>
    public virtual bool GoesOnAfterFailedWrites => false;

    /// <summary>Whether a directory shard asks the index only when it starts, and not after each registration.</summary>
    public virtual bool AsksIndexOnce => false;

    /// <summary>Whether a directory shard starts without a write that fences earlier activations.</summary>
    public virtual bool StartsShardsUnfenced => false;

    /// <summary>Whether a directory shard that cannot reach a process does not try again.</summary>
    public virtual bool GivesUpWakeUps => false;

    /// <summary>A note as it reaches the registry.</summary>
    public virtual IEnumerable<WorkNote> Arrive(WorkNote note) => [note];

    /// <summary>The journal takes a write.</summary>
    public virtual void Store(JournalRow journal, WriteWork<LedgerState, LedgerMessage> work) => journal.Store(work);

    /// <summary>Makes a process, from its record if it has one.</summary>
    public virtual HostedProcess Create(
        ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now) =>
        new(id, application, profile, record, now);

    /// <summary>Whether processes whose channel states are missing are asked again.</summary>
    public virtual bool AsksReceivers => true;

    /// <summary>Whether a report that comes again is stored again.</summary>
    public virtual bool StoresReportsTwice => false;

    /// <summary>What the standings of all parts of a collection say together.</summary>
    public virtual CollectionRuling Judge(IReadOnlyList<PartStanding> standings) => CollectionRuling.Of(standings);

    /// <summary>Whether a part that has heard so much takes a page of counts.</summary>
    public virtual bool Listens(HeardCounts heard, CountPage page) => true;

    /// <summary>What a global state is put together with.</summary>
    public virtual CollectorBook CreateBook(SnapshotNumber snapshot, Epoch epoch, IEnumerable<ProcessId> members) =>
        new(snapshot, epoch, members);

    /// <summary>A report as it reaches a collector.</summary>
    public virtual Report Arrive(Report report, Epoch epoch) => report;

    /// <summary>What the index says of the snapshots.</summary>
    public virtual SnapshotAnnouncement Announce(SnapshotNumber highest, IReadOnlyCollection<SnapshotNumber> open) => new(highest, open);
}
