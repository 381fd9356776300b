using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>What a part of a collection asks the index and its shards of the directory.</summary>
internal sealed class PartDirectory(IGrainFactory grains, string application, int part)
{
    private string _grainType = string.Empty;

    /// <summary>What the index announces.</summary>
    public Task<Registration> AnnouncementAsync() => grains.Get<ISnapshotIndex>(application).GetAnnouncementAsync();

    /// <summary>The shards of the part.</summary>
    public static IEnumerable<int> ShardsOf(int part) => Enumerable.Range(0, DirectoryKeys.ShardCount).Where(shard => shard % DirectoryKeys.PartCount == part);

    /// <summary>
    /// Has the shards of the part marked, and their rests kept: a process that registers later is told of the snapshot, one
    /// that registered before is a member.
    /// </summary>
    public async Task<IEnumerable<(int Shard, KeptRests Kept)>> GatherAsync(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement) =>
        await Task.WhenAll(ShardsOf(part).Select(async shard => (shard, (await KeeperOf(shard).KeepAsync(snapshot, epoch, announcement)).ToKept())));

    /// <summary>Has the keepers drop what they keep for the snapshot alone.</summary>
    public Task DropAsync(SnapshotNumber snapshot) => Task.WhenAll(ShardsOf(part).Select(shard => KeeperOf(shard).DropAsync(snapshot)));

    /// <summary>The keeper of a shard.</summary>
    public IRestKeeper KeeperOf(int shard) => grains.Get<IRestKeeper>(DirectoryKeys.Shard(application, shard));

    /// <summary>The rows of rests in which processes of one shard are, with the processes of each.</summary>
    public async Task<IEnumerable<IGrouping<int, ProcessId>>> RestRowsOfAsync(int shard, ProcessId[] processes)
    {
        var rows = await grains.Get<IDirectoryShard>(DirectoryKeys.Shard(application, shard)).RestRowsOfAsync(processes);
        return processes.Zip(rows).Where(each => each.Second >= 0).GroupBy(each => each.Second, each => each.First);
    }

    /// <summary>
    /// The grain of a process. A part whose shards were empty learns the type of the grains when it needs it.
    /// </summary>
    public async Task<ISnapshotProcess> GrainOfAsync(ProcessId process)
    {
        if (_grainType.Length == 0)
        {
            var shard = grains.Get<IDirectoryShard>(DirectoryKeys.ShardOf(application, process));
            _grainType = (await shard.ListAsync(0, 1)).GrainType;
        }

        return grains.Get<ISnapshotProcess>(GrainId.Create(_grainType, process.Value));
    }
}
