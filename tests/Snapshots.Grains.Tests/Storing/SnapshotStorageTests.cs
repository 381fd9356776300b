namespace Snapshots.Grains.Tests;

public sealed class SnapshotStorageTests(JsonCluster cluster) : IClassFixture<JsonCluster>
{
    [Fact]
    public async Task A_storage_that_writes_JSON_keeps_processes_and_snapshots()
    {
        await cluster.OpenAsync("j1", "j2");
        await cluster.Letters("j1").SendAsync(new("j2"), 7);
        await cluster.UntilTakenAsync("j2", 7);
        await cluster.TakeAsync("json");
        await LetterCluster.DeactivateAsync(cluster.Letters("j2"));
        Assert.Equal(1007, (await cluster.Letters("j2").GetAsync()).Balance);
        await LetterCluster.DeactivateAsync(cluster.Index);
        await LetterCluster.DeactivateAsync(cluster.Collector(1));
        await cluster.ProveAsync((await cluster.Snapshots.GetAsync(new("json")))!);
        Assert.True(await cluster.Snapshots.DeleteAsync(new("json")));
        Assert.Null(await cluster.Snapshots.GetAsync(new("json")));
        await cluster.TakeAsync("again");
    }
}
