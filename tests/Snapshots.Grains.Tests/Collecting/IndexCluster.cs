namespace Snapshots.Grains.Tests;

/// <summary>Keeps three snapshots; one process is damaged when the silo starts.</summary>
public sealed class IndexCluster : LetterCluster
{
    internal const int Keep = 3;

    private protected override void Prepare()
    {
        var shard = DirectoryKeys.ShardOf(LetterApplication.Name, new("damaged"));
        Storage.Put(
            "page-0",
            GrainId.Create(nameof(DirectoryShardGrain)[..^"Grain".Length].ToLowerInvariant(), shard),
            Given.Serializer,
            new StoredDirectoryPage { GrainType = "letter", Processes = ["damaged"] });
        Storage.Put("process", GrainId.Create("letter", "damaged"), Given.Serializer, new StoredRow { Content = [99] });
    }

    private protected override void Configure(SnapshotsOptions options) => options.KeepSnapshots = Keep;
}
