namespace Snapshots.Grains.Tests;

/// <summary>Processes move to another silo in the middle of what they do.</summary>
public sealed class MigrationTests(BadQueueCluster cluster) : IClassFixture<BadQueueCluster>
{
    [Fact]
    public async Task Processes_that_move_inside_a_snapshot_finish_it_with_their_letters_once_and_in_order()
    {
        foreach (var queue in cluster.Queues) queue.IsBad = false;
        await cluster.OpenAsync("g-1", "g-2", "g-3");
        await cluster.Letters("g-1").SendAsync(new("g-3"), 1);
        await cluster.UntilTakenAsync("g-3", 1);
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("g-3")));
        var step = cluster.Letters("g-3").DepositAsync(0);
        await held.Hit;
        var summary = await cluster.BeginAsync("g", initiator: "g-1");
        await LetterCluster.UntilAsync(
            async () => !(await cluster.StoredAsync("g-1")).Recordings.IsEmpty && !(await cluster.StoredAsync("g-2")).Recordings.IsEmpty,
            "both have recorded");
        foreach (var id in new[] { "g-1", "g-2", "g-1" })
        {
            var before = cluster.SiloOf(id);
            await cluster.MigrateAsync(id);
            await cluster.Letters("g-1").SendAsync(new("g-2"), 5);
            await cluster.Letters("g-2").SendAsync(new("g-1"), 6);
            Assert.NotEqual(before, cluster.SiloOf(id));
        }

        held.Release();
        await step;
        await cluster.ProveAsync(await cluster.EndOfAsync("g"));
        await cluster.UntilTakenAsync("g-2", 5, 5, 5);
        await cluster.UntilTakenAsync("g-1", 6, 6, 6);
        await LetterCluster.UntilAsync(
            async () => (await cluster.StoredAsync("g-1")).Recordings.IsEmpty && (await cluster.StoredAsync("g-2")).Recordings.IsEmpty,
            "nothing is left of the snapshot");
        Assert.True((await cluster.Index.GetAnnouncementAsync()).Announcement.HasEnded(summary.Number));
    }

    [Fact]
    public async Task A_process_that_moves_before_its_report_is_kept_reports_from_its_new_place()
    {
        await cluster.OpenAsync("h-1");
        var next = (await cluster.Index.GetAnnouncementAsync()).Announcement.Highest.Value + 1;
        var failed = cluster.Storage.Hold("reports-0", LetterCluster.Is(cluster.Part(next, "h-1")), FaultKind.Before);
        await cluster.BeginAsync("h", initiator: "h-1");
        await failed.Hit;
        await cluster.MigrateAsync("h-1");
        failed.Release();
        var state = await cluster.ProveAsync(await cluster.EndOfAsync("h"));
        Assert.Contains(state.Processes, process => process.Id.Value == "h-1");
    }
}
