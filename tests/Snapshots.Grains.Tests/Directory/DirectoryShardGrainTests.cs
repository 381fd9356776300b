using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class DirectoryShardGrainTests(CollectorCluster cluster) : IClassFixture<CollectorCluster>
{
    /// <summary>
    /// (1) A silo is cut off, and a newcomer registers at the shard there; (2) the shard's next activation has read the
    /// page before. The newcomer would be stored, and the next activation would not know it.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(128)]
    public async Task A_shard_that_is_activated_leaves_earlier_activations_no_write(int registered)
    {
        var shard = ShardOf($"shard-of-{registered}");
        var processes = LetterCluster.ProcessesOf(shard: 0, registered + 1);
        await Task.WhenAll(processes.Take(registered).Select(process => shard.RegisterAsync(process, Grain, isByMessage: false)));
        var page = Open<StoredDirectoryPage>(registered == 128 ? "page-1" : "page-0", shard);
        var row = Open<StoredUnfinished>("unfinished-3", shard);
        if (registered > 0) await LetterCluster.DeactivateAsync(shard);
        await page.ReadAsync();
        await row.ReadAsync();
        Assert.Equal(registered, (await shard.ListAsync(0, 1000)).Processes.Length);
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => page.WriteAsync(new StoredDirectoryPage { GrainType = LetterApplication.Name, Processes = ["newcomer"] }));
        await Assert.ThrowsAsync<InconsistentStateException>(() => row.WriteAsync(new StoredUnfinished()));

        await shard.RegisterAsync(processes[^1], Grain, isByMessage: false);
        await LetterCluster.DeactivateAsync(shard);
        var listed = await shard.ListAsync(registered, 1000);
        Assert.Equal((LetterApplication.Name, processes[^1]), (listed.GrainType, Assert.Single(listed.Processes)));
    }

    /// <summary>
    /// (1) An activation is cut off; (2) a newcomer registers at the next one; (3) a snapshot begins, and the first one
    /// is marked. It must not answer with a list that lacks the newcomer.
    /// </summary>
    [Fact]
    public async Task A_stale_activation_does_not_answer_a_mark()
    {
        var shard = ShardOf("marked");
        var processes = LetterCluster.ProcessesOf(shard: 0, 2);
        await shard.RegisterAsync(processes[0], Grain, isByMessage: false);
        Assert.Equal(1, (await shard.MarkAsync(SnapshotAnnouncement.None)).Members);
        var page = Open<StoredDirectoryPage>("page-0", shard);
        var row = Open<StoredUnfinished>("unfinished-0", shard);
        await page.ReadAsync();
        await row.ReadAsync();
        await row.WriteAsync(row.Value);
        await page.WriteAsync(
            new StoredDirectoryPage { GrainType = LetterApplication.Name, Processes = [.. processes.Select(each => each.Value)] });

        await Assert.ThrowsAnyAsync<Exception>(() => shard.MarkAsync(SnapshotAnnouncement.None));
        var count = 0;
        await LetterCluster.UntilAsync(
            async () =>
            {
                try
                {
                    count = (await shard.MarkAsync(SnapshotAnnouncement.None)).Members;
                    return true;
                }
                catch (InvalidOperationException)
                {
                    return false; // The stale activation is still ending.
                }
            },
            "the next activation answers");
        Assert.Equal(2, count);
    }

    /// <summary>(1) A newcomer registers; (2) the shard closes; (3) the newcomer is stored. It must not act.</summary>
    [Fact]
    public async Task A_newcomer_whose_shard_closes_before_it_is_stored_is_turned_away()
    {
        var shard = ShardOf("closing");
        await shard.ListAsync(0, 1);
        var held = cluster.Storage.Hold("page-0", LetterCluster.Is(shard));
        var newcomer = LetterCluster.ProcessesOf(shard: 0, 1).Single();
        var registered = shard.RegisterAsync(newcomer, Grain, isByMessage: false);
        await held.Hit;
        await shard.OrderAsync(new(new(Epoch.First, new(1), IsOpen: false), default));
        held.Release();
        await Assert.ThrowsAsync<RestoringException>(() => registered);
    }

    /// <summary>
    /// Its wake-ups are cut short, and nothing else may call it. An activation begins by writing all rows.
    /// </summary>
    [Fact]
    public async Task A_shard_whose_write_has_failed_is_started_again()
    {
        var shard = ShardOf("failed");
        await shard.ListAsync(0, 1);
        var again = cluster.Storage.Hold("unfinished-0", LetterCluster.Is(shard));
        cluster.Storage.Fail("page-0", LetterCluster.Is(shard), FaultKind.Before);
        await Assert.ThrowsAnyAsync<Exception>(
            () => shard.RegisterAsync(LetterCluster.ProcessesOf(shard: 0, 1).Single(), Grain, isByMessage: false));
        await again.Hit;
        again.Release();
    }

    [Fact]
    public async Task A_directory_that_has_lost_a_page_does_not_start()
    {
        var shard = ShardOf("lost");
        var row = Open<StoredUnfinished>("unfinished-0", shard);
        await row.WriteAsync(new StoredUnfinished { Pages = 1 });
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => shard.ListAsync(0, 1));
        Assert.Contains("the directory shard 0 has 0 pages of 1", exception.ToString(), StringComparison.Ordinal);
    }

    private GrainId Grain => cluster.Letters("any").GetGrainId();

    /// <summary>The first shard of an application of its own.</summary>
    private IDirectoryShard ShardOf(string application) =>
        cluster.Grains.GetGrain<IDirectoryShard>(DirectoryKeys.Shard(application, 0));

    private Row<T> Open<T>(string name, IDirectoryShard shard)
        where T : class, new() =>
        new(cluster.Silo.GetRequiredService<SnapshotStorage>(), name, shard.GetGrainId());
}
