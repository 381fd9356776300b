using Snapshots.Protocol;

namespace Snapshots.Simulation;

/// <summary>A collector asks nobody again who has recorded, whatever channel states are missing.</summary>
internal sealed class ReceiversNotAsked : Variant
{
    public override bool AsksReceivers => false;

    public override CollectorBook CreateBook(SnapshotNumber snapshot, Epoch epoch, IEnumerable<ProcessId> members) =>
        new Book(snapshot, epoch, members);

    private sealed class Book(SnapshotNumber snapshot, Epoch epoch, IEnumerable<ProcessId> members) : CollectorBook(snapshot, epoch, members)
    {
        public override IEnumerable<ProcessId> Receivers => [];
    }
}
