using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// A part of the directory. Who registers after a shard was marked with a snapshot is told of it; who registered before is listed.
/// </summary>
internal sealed class DirectoryShard(World world, int number)
{
    private readonly SortedSet<ProcessId> _processes = [];
    private SnapshotAnnouncement _announcement = SnapshotAnnouncement.None;

    public int End { get; } = Link.FirstShard + number;

    /// <summary>Registers a process, again if it asks again, and answers it.</summary>
    public void Register(ProcessHost host)
    {
        _processes.Add(host.Id);
        var announcement = _announcement;
        world.Network.Send(new(End, host.Number), () => host.Join(announcement));
    }

    /// <summary>Marks the shard and lists who was registered.</summary>
    public IReadOnlyList<ProcessId> Mark(SnapshotAnnouncement announcement)
    {
        _announcement = _announcement.Merge(announcement);
        return [.. _processes];
    }
}
