using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Numbers snapshots, knows which are open, and keeps their collectors running.</summary>
internal sealed class SnapshotOffice(World world)
{
    private const int SupervisionMs = 30;

    private readonly SortedSet<SnapshotNumber> _open = [];
    private bool _isSupervising;

    /// <summary>The highest number given out.</summary>
    public SnapshotNumber Newest { get; private set; }

    /// <summary>What is told to everybody.</summary>
    public SnapshotAnnouncement Announcement { get; private set; } = SnapshotAnnouncement.None;

    public void Begin(ProcessId initiator, long timeoutMs)
    {
        Newest = Newest.Next;
        _open.Add(Newest);
        Announce();
        world.Record(new SnapshotBegun<LedgerState, LedgerMessage>(Newest));
        world.AddCollector(initiator, timeoutMs).Start();
        Supervise();
    }

    public void End(SnapshotNumber snapshot)
    {
        if (_open.Remove(snapshot)) Announce();
    }

    private void Announce() => Announcement = world.Variant.Announce(Newest, _open);

    private void Supervise()
    {
        if (_isSupervising) return;
        _isSupervising = true;
        world.Schedule.After(SupervisionMs, () =>
        {
            _isSupervising = false;
            if (_open.Count == 0) return;
            foreach (var snapshot in _open.ToList()) world.CollectorOf(snapshot)!.Start();
            Supervise();
        });
    }
}
