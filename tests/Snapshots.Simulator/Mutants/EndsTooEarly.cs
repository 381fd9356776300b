using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A snapshot is completed, and its end told, when every member has recorded, whatever the channels wait for.</summary>
internal class EndsTooEarly : Variant
{
    public override CollectionRuling Judge(IReadOnlyList<PartStanding> standings) =>
        standings.Any(standing => standing.MissingProcesses > 0) ? base.Judge(standings) : Complete;

    protected static CollectionRuling Complete { get; } = new(CollectionStatus.Complete, MustExchange: false, string.Empty);

    public override CollectorBook CreateBook(SnapshotNumber snapshot, Epoch epoch, IEnumerable<ProcessId> members) =>
        new Book(snapshot, epoch, members);

    private sealed class Book(SnapshotNumber snapshot, Epoch epoch, IEnumerable<ProcessId> members) : CollectorBook(snapshot, epoch, members)
    {
        private readonly SortedDictionary<ProcessId, LocalReport<LedgerState>> _locals = [];

        public override CollectionStatus Status =>
            base.Status == CollectionStatus.Running && Missing.Count == 0 ? CollectionStatus.Complete : base.Status;

        public override bool Accept(Report report)
        {
            if (report is LocalReport<LedgerState> local) _locals.TryAdd(local.Process, local);
            return base.Accept(report);
        }

        public override LedgerSnapshot ToGlobalState() => base.Status == CollectionStatus.Complete ? base.ToGlobalState() : new(
            [.. _locals.Values.Select(local => new ProcessState<LedgerState>(local.Process, local.State))],
            [.. _locals.Values.SelectMany(local => local.Sent.Select(count => StateOf(local.Process, count)))]);

        private ChannelState<LedgerMessage> StateOf(ProcessId source, ChannelCount sent)
        {
            var delivered = _locals.TryGetValue(sent.Peer, out var target)
                ? target.Delivered.FirstOrDefault(count => count.Peer == source).Count
                : default;
            return new(new(source, sent.Peer), sent.Count, delivered, []);
        }
    }
}
