using Microsoft.Extensions.DependencyInjection;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class SnapshotIndexGrainTests(IndexCluster cluster) : IClassFixture<IndexCluster>
{
    /// <summary>All of this cluster runs beside a process that cannot be loaded.</summary>
    [Fact]
    public async Task A_damaged_process_makes_snapshots_name_it_and_keeps_no_other_from_hearing_of_their_end()
    {
        await cluster.OpenAsync("q1", "q2");
        await cluster.BeginAsync("damage", TimeSpan.FromMinutes(10));
        var view = await cluster.EndOfAsync("damage");
        Assert.StartsWith("The stored state of letters/damaged is damaged: ", view.Summary.Reason, StringComparison.Ordinal);
        await LetterCluster.UntilAsync(
            () => Task.FromResult(!cluster.Silo.GetRequiredService<SnapshotWatch>().Activations.Any()), "all have been told of the end");
    }

    [Theory]
    [InlineData(FaultKind.Before)]
    [InlineData(FaultKind.After)]
    [InlineData(FaultKind.Conflict)]
    public async Task A_begin_whose_write_fails_can_be_tried_again_and_gives_one_snapshot(FaultKind fault)
    {
        var id = $"begin-{fault}";
        cluster.Storage.Fail("index", LetterCluster.Is(cluster.Index), fault);
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.BeginAsync(id, TimeSpan.FromMilliseconds(300)));
        var summary = await cluster.BeginAsync(id, TimeSpan.FromMilliseconds(300));
        Assert.Equal(SnapshotStatus.Running, summary.Status);
        await cluster.EndOfAsync(id);
        Assert.Single(await cluster.Snapshots.ListAsync(100), each => each.Id.Value == id);
    }

    [Theory]
    [InlineData(FaultKind.Before)]
    [InlineData(FaultKind.After)]
    public async Task An_end_that_the_index_could_not_write_is_told_again(FaultKind fault)
    {
        var id = $"end-{fault}";
        await cluster.Index.RemoveAsync(new("none")); // The fence of the index is written.
        var failed = cluster.Storage.Fail("index", LetterCluster.Is(cluster.Index), fault, skip: 1); // Behind the begin: the end may come at once.
        var summary = await cluster.BeginAsync(id, TimeSpan.FromMilliseconds(300));
        await cluster.EndOfAsync(id);
        await failed.Hit;
        await LetterCluster.UntilAsync(
            async () => (await cluster.Index.GetAnnouncementAsync()).Announcement.HasEnded(summary.Number), "the index knows the end");
    }

    [Fact]
    public async Task No_more_snapshots_are_kept_than_the_option_says_and_the_others_leave_no_row()
    {
        var summaries = new List<SnapshotSummary>();
        for (var index = 0; index < IndexCluster.Keep + 2; index++)
        {
            summaries.Add(await cluster.BeginAsync($"keep-{index}", TimeSpan.FromMilliseconds(100)));
            await cluster.EndOfAsync($"keep-{index}");
            await LetterCluster.UntilAsync(
                async () => (await cluster.Index.GetAnnouncementAsync()).Announcement.HasEnded(summaries[^1].Number), "the index knows the end");
        }

        Assert.Equal(["keep-4", "keep-3", "keep-2"], (await cluster.Snapshots.ListAsync(100)).Select(each => each.Id.Value));
        await LetterCluster.UntilAsync(
            () => Task.FromResult(summaries.Take(2).All(each =>
                cluster.Storage.Rows(cluster.IsOf(each.Number.Value)) == 0)),
            "the rows of the first two are gone");
        Assert.All(summaries.Skip(2), each => Assert.True(cluster.Storage.Rows(cluster.IsOf(each.Number.Value)) > 0));
    }

    [Theory]
    [InlineData("collector", FaultKind.Before, false)]
    [InlineData("collector", FaultKind.After, false)]
    [InlineData("part", FaultKind.Before, false)]
    [InlineData("part", FaultKind.Before, true)]
    public async Task What_is_kept_no_longer_is_deleted_in_the_end_also_if_that_fails_first_or_the_index_is_lost(string row, FaultKind fault, bool lost)
    {
        var id = $"drop-{row}-{fault}-{lost}";
        var first = (await TimeOutAsync(id)).Number;
        var failed = cluster.Storage.Hold(row, cluster.IsOf(first.Value), fault);
        for (var index = 0; index < IndexCluster.Keep; index++) await TimeOutAsync($"{id}-{index}");
        Assert.DoesNotContain(await cluster.Snapshots.ListAsync(100), each => each.Number == first);
        await failed.Hit;
        if (lost) await LetterCluster.DeactivateAsync(cluster.Index);
        failed.Release();
        await LetterCluster.UntilAsync(
            () => Task.FromResult(cluster.Storage.Rows(cluster.IsOf(first.Value)) == 0), "its rows are gone");
    }

    private async Task<SnapshotSummary> TimeOutAsync(string id)
    {
        var summary = await cluster.BeginAsync(id, TimeSpan.FromMilliseconds(100));
        await cluster.EndOfAsync(id);
        await LetterCluster.UntilAsync(
            async () => (await cluster.Index.GetAnnouncementAsync()).Announcement.HasEnded(summary.Number), "the index knows the end");
        return summary;
    }

    [Theory]
    [InlineData(FaultKind.Before)]
    [InlineData(FaultKind.After)]
    [InlineData(FaultKind.Conflict)]
    public async Task A_newcomer_whose_registration_fails_registers_again_and_is_listed_once(FaultKind fault)
    {
        var id = $"new-{fault}";
        var shard = cluster.Grains.GetGrain<IDirectoryShard>(DirectoryKeys.ShardOf(LetterApplication.Name, new(id)));
        var page = cluster.Storage.Fail("page-0", LetterCluster.Is(shard), fault);
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.Letters(id).DepositAsync(1));
        await page.Hit;
        await cluster.Letters(id).DepositAsync(2);
        Assert.Equal(2, (await cluster.Letters(id).GetAsync()).Balance);
        Assert.Single(await cluster.Snapshots.ListProcessesAsync(), process => process.Value == id);
    }

    [Fact]
    public async Task A_shard_fills_its_pages_and_knows_them_after_a_restart()
    {
        const int Count = 300;
        var shard = cluster.Grains.GetGrain<IDirectoryShard>(DirectoryKeys.Shard(LetterApplication.Name, 3));
        var before = (await shard.ListAsync(0, 1000)).Processes.Length;
        var grain = cluster.Letters("any").GetGrainId();
        var processes = LetterCluster.ProcessesOf(shard: 3, Count);
        await Task.WhenAll(processes.Select(process => shard.RegisterAsync(process, grain, isByMessage: false)));
        await shard.RegisterAsync(processes[0], grain, isByMessage: false);
        Assert.Equal(before + Count, (await shard.MarkAsync(SnapshotAnnouncement.None)).Members);
        await LetterCluster.DeactivateAsync(shard);
        var listed = (await shard.ListAsync(before, 1000)).Processes;
        Assert.Equal(processes.Order(), listed.Order());
        Assert.Equal(listed[10..20], (await shard.ListAsync(before + 10, 10)).Processes);
        foreach (var page in Enumerable.Range(0, 5)) cluster.Storage.Remove($"page-{page}", shard.GetGrainId());
        foreach (var row in Enumerable.Range(0, 16)) cluster.Storage.Remove($"unfinished-{row}", shard.GetGrainId());
        await LetterCluster.DeactivateAsync(shard);
    }
}
