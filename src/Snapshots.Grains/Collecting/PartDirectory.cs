using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>What a part of a collection asks the index and its shards of the directory.</summary>
internal sealed class PartDirectory(IGrainFactory grains, string application, int part)
{
    /// <summary>Those at rest bring their states.</summary>
    private const int ProcessesPerCall = 250;

    private string _grainType = string.Empty;

    /// <summary>What the index announces.</summary>
    public Task<Registration> AnnouncementAsync() => grains.GetGrain<ISnapshotIndex>(application).GetAnnouncementAsync();

    /// <summary>
    /// Marks the shards of the part and lists them: a process that registers later is told of the snapshot, one that
    /// registered before is a member. With it comes what the shards report for processes at rest.
    /// </summary>
    public async Task<(SnapshotAnnouncement Announcement, List<ProcessId> Members, List<Report> AtRest)> GatherAsync()
    {
        var (_, announcement) = await AnnouncementAsync();
        var shards = Enumerable.Range(0, DirectoryKeys.ShardCount).Where(shard => shard % DirectoryKeys.PartCount == part);
        var listed = await Task.WhenAll(shards.Select(shard => ListAsync(shard, announcement)));
        return (announcement, [.. listed.SelectMany(each => each.Members)], [.. listed.SelectMany(each => each.AtRest)]);
    }

    /// <summary>
    /// The grain of a process. A part whose shards were empty learns the type of the grains when it needs it.
    /// </summary>
    public async Task<ISnapshotProcess> GrainOfAsync(ProcessId process)
    {
        if (_grainType.Length == 0)
        {
            var shard = grains.GetGrain<IDirectoryShard>(DirectoryKeys.ShardOf(application, process));
            _grainType = (await shard.ListAsync(0, 1)).GrainType;
        }

        return grains.GetProcess(GrainId.Create(_grainType, process.Value));
    }

    private async Task<(List<ProcessId> Members, List<Report> AtRest)> ListAsync(int number, SnapshotAnnouncement announcement)
    {
        var shard = grains.GetGrain<IDirectoryShard>(DirectoryKeys.Shard(application, number));
        var (members, atRest) = (new List<ProcessId>(), new List<Report>());
        for (var (count, _) = await shard.MarkAsync(announcement); members.Count < count;)
        {
            var page = await shard.ListMembersAsync(members.Count, Math.Min(ProcessesPerCall, count - members.Count));
            if (page.Processes.Length == 0) throw new InvalidOperationException($"the directory lists {members.Count} of {count} processes");
            members.AddRange(page.Processes);
            atRest.AddRange(page.AtRest.Select(report => report.FromWire()));
            _grainType = page.GrainType;
        }

        return (members, atRest);
    }
}
