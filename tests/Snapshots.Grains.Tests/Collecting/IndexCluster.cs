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
            new StoredDirectoryPage { GrainType = LetterApplication.Name, Processes = ["damaged"] });
        Journals.DamageAsync(GrainId.Create(LetterApplication.Name, "damaged")).GetAwaiter().GetResult();
    }

    private protected override void Configure(SnapshotsOptions options) => options.KeepSnapshots = Keep;
}
