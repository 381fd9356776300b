using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>What puts a global state together: the builder of the core. A planted fault overrides what it spoils.</summary>
internal class CollectorBook(SnapshotNumber snapshot, Epoch epoch, IEnumerable<ProcessId> members)
{
    protected GlobalStateBuilder<LedgerState, LedgerMessage> Builder { get; } = new(snapshot, epoch, members);

    public virtual CollectionStatus Status => Builder.Status;

    public string FailureReason => Builder.FailureReason;

    public IReadOnlyCollection<ProcessId> Missing => Builder.Missing;

    public virtual bool Accept(Report report) => Builder.Accept(report) == ReportVerdict.Accepted;

    public virtual LedgerSnapshot ToGlobalState() => Builder.ToGlobalState();
}
