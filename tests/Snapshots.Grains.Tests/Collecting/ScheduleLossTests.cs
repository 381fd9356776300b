using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class ScheduleLossTests
{
    /// <summary>No client calls the new cluster: the watches of its silos bring the index back.</summary>
    [Fact]
    public async Task A_schedule_goes_on_by_itself_after_all_silos_are_lost()
    {
        await using var cluster = await LossCluster.StartAsync();
        await cluster.OpenAsync("a", "b");
        await cluster.Snapshots.SetScheduleAsync(new(SnapshotSchedule.MinEvery, KeepLast: 5, null));
        await LetterCluster.UntilAsync(() => Task.FromResult(Highest(cluster) >= 1), "the first one is taken");
        await cluster.LoseAllAsync();
        var before = Highest(cluster);
        await LetterCluster.UntilAsync(() => Task.FromResult(Highest(cluster) > before), "one more is taken");
        var newest = (await cluster.Snapshots.ListAsync(1))[0];
        Assert.Equal(SnapshotOrigin.Schedule, newest.Origin);
        Assert.Equal(2, (await cluster.ProveAsync(await cluster.EndOfAsync(newest.Id.Value))).Processes.Length);
    }

    private static long Highest(LossCluster cluster) =>
        cluster.Storage.Stored<StoredIndex>("index", cluster.Index.GetGrainId(), cluster.Serializer)?.Highest ?? 0;
}
