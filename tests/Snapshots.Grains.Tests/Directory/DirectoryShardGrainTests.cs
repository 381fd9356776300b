using Orleans.Storage;

namespace Snapshots.Grains.Tests;

public sealed class DirectoryShardGrainTests(CollectorCluster cluster) : IClassFixture<CollectorCluster>
{
    /// <summary>
    /// (1) A silo is cut off, and a newcomer registers at the shard there; (2) the shard's next activation has read the page before:
    /// the newcomer would be kept, and be known to nobody.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(128)]
    public async Task A_shard_that_is_activated_leaves_earlier_activations_no_write(int registered)
    {
        var shard = cluster.Grains.GetGrain<IDirectoryShard>(DirectoryKeys.Shard($"shard-of-{registered}", 0));
        var grain = cluster.Letters("any").GetGrainId();
        await Task.WhenAll(Enumerable.Range(0, registered).Select(index => shard.RegisterAsync(new($"p{index}"), grain)));
        var page = new Row<StoredDirectoryPage>(
            cluster.Storage.For(cluster.Serializer), registered == 128 ? "page-1" : "page-0", shard.GetGrainId());
        if (registered > 0) await LetterCluster.DeactivateAsync(shard);
        await page.ReadAsync();
        Assert.Equal(registered, (await shard.ListAsync(0, 1000)).Processes.Length);
        await Assert.ThrowsAsync<InconsistentStateException>(() => page.WriteAsync(new StoredDirectoryPage { GrainType = "letter", Processes = ["newcomer"] }));

        await shard.RegisterAsync(new("later"), grain);
        await LetterCluster.DeactivateAsync(shard);
        var listed = await shard.ListAsync(registered, 1000);
        Assert.Equal(("letter", "later"), (listed.GrainType, Assert.Single(listed.Processes).Value));
    }
}
