using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>
/// Who takes part in a snapshot is lost at one of its steps, and the snapshot goes on, or ends and leaves nothing.
/// </summary>
public sealed class SnapshotCrashTests(RestCluster cluster) : IClassFixture<RestCluster>
{
    [Theory]
    [InlineData(FaultKind.Before)]
    [InlineData(FaultKind.After)]
    [InlineData(FaultKind.Conflict)]
    public async Task A_cut_whose_write_fails_is_made_once(FaultKind fault)
    {
        var (first, second) = ($"cut-1-{fault}", $"cut-2-{fault}");
        await OpenJoinedAsync(first, second);
        var failed = cluster.Storage.Fail("process", LetterCluster.Is(cluster.Letters(first)), fault);
        await cluster.BeginAsync($"cut-{fault}", initiator: first);
        await failed.Hit;
        await ProveWholeAsync($"cut-{fault}", first, second);
    }

    /// <summary>One marker has arrived, and another is lost with its receiver; then the sender goes.</summary>
    [Fact]
    public async Task A_process_that_is_lost_between_its_markers_sends_the_others_again()
    {
        await OpenJoinedAsync("m-1", "m-2", "m-3");
        var failed = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("m-3")), FaultKind.Before);
        await cluster.BeginAsync("m", initiator: "m-1");
        await failed.Hit;
        await RecordedAsync("m-2");
        await LetterCluster.DeactivateAsync(cluster.Letters("m-1"));
        failed.Release();
        await ProveWholeAsync("m", "m-1", "m-2", "m-3");
    }

    [Fact]
    public async Task A_process_that_is_lost_before_its_report_is_kept_reports_again()
    {
        await OpenJoinedAsync("b-1", "b-2");
        var next = (await cluster.Index.GetAnnouncementAsync()).Announcement.Highest.Value + 1;
        var failed = cluster.Storage.Hold("reports-0", LetterCluster.Is(cluster.Part(next, "b-1")), FaultKind.Before);
        await cluster.BeginAsync("b", initiator: "b-1");
        await failed.Hit;
        await LetterCluster.DeactivateAsync(cluster.Letters("b-1"));
        await LetterCluster.DeactivateAsync(cluster.Letters("b-2"));
        failed.Release();
        await ProveWholeAsync("b", "b-1", "b-2");
    }

    /// <summary>The end is kept, and both who tell it and who is told are lost.</summary>
    [Theory]
    [InlineData(FaultKind.Before)]
    [InlineData(FaultKind.After)]
    public async Task An_end_whose_notice_is_lost_with_both_sides_is_told_again(FaultKind fault)
    {
        var id = $"n-{fault}";
        await OpenJoinedAsync($"n-1-{fault}", $"n-2-{fault}");
        var failed = cluster.Storage.Hold("index", LetterCluster.Is(cluster.Index), fault, skip: 1);
        var summary = await cluster.BeginAsync(id);
        await failed.Hit;
        await LetterCluster.DeactivateAsync(cluster.Collector(summary.Number.Value));
        failed.Release();
        await LetterCluster.UntilAsync(
            async () => (await cluster.Index.GetAnnouncementAsync()).Announcement.HasEnded(summary.Number), "the index knows the end");
        await ProveWholeAsync(id, $"n-1-{fault}", $"n-2-{fault}");
    }

    /// <summary>
    /// What waits for one process that does not answer is freed with the end, also where everybody has slept meanwhile.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_snapshot_that_is_aborted_says_why_frees_what_it_held_and_harms_nobody(bool byHand)
    {
        var (first, second, blocked) = ($"a-1-{byHand}", $"a-2-{byHand}", $"a-3-{byHand}");
        await OpenJoinedAsync(first, second, blocked);
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters(blocked)));
        await using var step = new Blocked(held, cluster.Letters(blocked).DepositAsync(0));
        await held.Hit;
        await cluster.Letters(first).SendAsync(new(blocked), 9); // In transit, so it draws a marker.
        var id = $"a-{byHand}";
        var number = (await cluster.BeginAsync(id, byHand ? null : TimeSpan.FromSeconds(12), first)).Number;
        await RecordedAsync(first, second);
        Assert.IsType<MarkerContent<Letter>>(Assert.Single(await MarkersAsync(first, blocked)));
        await cluster.Letters(first).SendAsync(new(second), 2);
        await LetterCluster.DeactivateAsync(cluster.Letters(first));
        await LetterCluster.DeactivateAsync(cluster.Letters(second));
        await LetterCluster.UntilAsync(
            async () => (await cluster.Snapshots.GetAsync(new(id)))!.Progress.WaitingFor.SequenceEqual([blocked]), "it says whom it waits for");
        if (byHand) await cluster.Snapshots.AbortAsync(new(id), "enough");
        var view = await cluster.EndOfAsync(id);
        Assert.Equal(SnapshotStatus.Aborted, view.Summary.Status);
        Assert.Equal(byHand ? "enough" : $"timed out after 12 s, waiting for {blocked}", view.Summary.Reason);
        Assert.Equal([blocked], view.Progress.WaitingFor);

        await ForgottenAsync(first, second);
        await LetterCluster.UntilAsync(
            async () => (await MarkersAsync(first, blocked)) is [VoidContent<Letter>], "its marker is void");
        await cluster.Letters(second).SendAsync(new(first), 3);
        await step.DisposeAsync();
        await cluster.UntilTakenAsync(second, 1, 2);
        await ForgottenAsync(first, second, blocked);
        Assert.True((await cluster.StoredAsync(blocked)).Known.HasEnded(number) || (await cluster.StoredAsync(blocked)).Known.Highest < number);
        await cluster.TakeAsync($"{id}-next");
    }

    /// <summary>Opens processes each of which has sent a letter to each later one, with nothing left to do.</summary>
    private async Task OpenJoinedAsync(params string[] ids)
    {
        await cluster.OpenAsync(ids);
        for (var from = 0; from < ids.Length; from++)
        {
            for (var to = from + 1; to < ids.Length; to++) await cluster.Letters(ids[from]).SendAsync(new(ids[to]), 1);
        }

        await LetterCluster.UntilAsync(
            async () => (await Task.WhenAll(ids.Select(cluster.StoredAsync)))
                .All(record => !cluster.IsEnlisted(record.Id.Value) && record.Outgoing.All(channel => channel.Unacknowledged.IsEmpty)),
            "nobody has anything left to do");
    }

    private async Task ProveWholeAsync(string snapshot, params string[] ids)
    {
        var state = await cluster.ProveAsync(await cluster.EndOfAsync(snapshot));
        Assert.All(ids, id => Assert.Single(state.Processes, process => process.Id.Value == id));
        await ForgottenAsync(ids);
    }

    /// <summary>Waits until it is stored that these have the snapshot's recording open.</summary>
    private Task RecordedAsync(params string[] ids) => LetterCluster.UntilAsync(
        async () => (await Task.WhenAll(ids.Select(cluster.StoredAsync))).All(record => !record.Recordings.IsEmpty), "they have recorded");

    /// <summary>
    /// Waits until these, once they are active, have no recording in their records, and are in the registry only if
    /// they have frames under way.
    /// </summary>
    private Task ForgottenAsync(params string[] ids) => LetterCluster.UntilAsync(
        async () =>
        {
            await Task.WhenAll(ids.Select(id => cluster.Process(id).SettleAsync()));
            var records = await Task.WhenAll(ids.Select(cluster.StoredAsync));
            return records.All(record => record.Recordings.IsEmpty)
                && records.All(record => !cluster.IsEnlisted(record.Id.Value) || record.Outgoing.Any(channel => !channel.Unacknowledged.IsEmpty));
        },
        "nothing is left of the snapshot");

    /// <summary>What is unacknowledged on a channel and no letter.</summary>
    private async Task<FrameContent<Letter>[]> MarkersAsync(string from, string to) =>
        [.. (await cluster.StoredAsync(from)).Outgoing.Single(channel => channel.Target.Value == to).Unacknowledged
            .Select(entry => entry.Content).Where(content => content is not MessageContent<Letter>)];
}
