using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class SnapshotCollectorGrainTests(CollectorCluster cluster) : IClassFixture<CollectorCluster>
{
    private static readonly (string Row, int Skip)[] Writes =
        [("collector", 0), ("part", 0), ("reports-0", 0), ("collector", 1)];

    [Fact]
    public async Task A_snapshot_completes_exactly_once_whichever_write_of_its_collector_fails_and_however()
    {
        await cluster.OpenAsync("c1", "c2", "c3", "c4");
        var first = await cluster.NextNumberAsync();
        var cases = Writes.SelectMany(write => Enum.GetValues<FaultKind>().Select(fault => (write.Row, write.Skip, Fault: fault))).ToArray();
        var rules = cases.Select((each, index) =>
            cluster.Storage.Fail(each.Row, OwnerOf(each.Row, first + index, "c1"), each.Fault, each.Skip)).ToArray();
        for (var index = 0; index < cases.Length; index++)
        {
            var begun = Record.ExceptionAsync(() => cluster.BeginAsync($"w-{index}"));
            await cluster.Letters("c1").SendAsync(new("c2"), 1);
            await cluster.Letters("c3").SendAsync(new("c1"), 1);
            await begun; // The client may be told of a summary that failed; the snapshot is numbered and runs.
        }

        for (var index = 0; index < cases.Length; index++)
        {
            await cluster.ProveAsync(await cluster.EndOfAsync($"w-{index}"));
            var ends = cluster.Storage.Written<StoredCollector>("collector", LetterCluster.Is(cluster.Collector(first + index)))
                .Where(state => state.Summary!.Status != SnapshotStatus.Running);
            Assert.Equal([SnapshotStatus.Completed], ends.Select(state => state.Summary!.Status));
            await rules[index].Hit;
        }

        await NobodyIsOpenAsync();
    }

    [Theory]
    [InlineData("collector", 0)]
    [InlineData("part", 0)]
    [InlineData("reports-0", 0)]
    [InlineData("collector", 1)]
    public async Task A_collection_that_is_deactivated_in_a_write_goes_on_from_what_is_stored(string row, int skip)
    {
        await cluster.OpenAsync("d1", "d2");
        var number = await cluster.NextNumberAsync();
        var held = cluster.Storage.Hold(row, OwnerOf(row, number, "d1"), fault: null, skip);
        var id = $"d-{row}-{skip}";
        await cluster.BeginAsync(id);
        await held.Hit;
        await LetterCluster.DeactivateAsync(row == "collector" ? cluster.Collector(number) : cluster.Part(number, "d1"));
        held.Release();
        await cluster.ProveAsync(await cluster.EndOfAsync(id));
    }

    [Fact]
    public async Task An_end_that_is_being_written_is_not_shown()
    {
        await cluster.OpenAsync("e1");
        var collector = cluster.Collector(await cluster.NextNumberAsync());
        var held = cluster.Storage.Hold("collector", LetterCluster.Is(collector), FaultKind.Before, skip: 1);
        await cluster.BeginAsync("e");
        await held.Hit;
        Assert.Equal(SnapshotStatus.Running, (await collector.GetAsync())!.Summary.Status);
        held.Release();
        await cluster.ProveAsync(await cluster.EndOfAsync("e"));
    }

    /// <summary>
    /// The report of a newcomer that a freshly activated shard told of the snapshot, before its collector was started.
    /// </summary>
    [Fact]
    public async Task A_report_that_comes_before_the_collector_is_started_is_not_lost()
    {
        await cluster.OpenAsync("b1");
        var number = await cluster.NextNumberAsync();
        var held = cluster.Storage.Hold("collector", LetterCluster.Is(cluster.Collector(number)));
        var begin = cluster.BeginAsync("b");
        await held.Hit;
        var registration = await cluster.Index.GetAnnouncementAsync();
        await cluster.Process("b1").RecordAsync(new(number), registration.Epoch, registration.Announcement);
        Assert.Empty(await cluster.Part(number, "b1").AcceptAsync([Local(number, "b1")]));
        held.Release();
        await begin;
        var state = await cluster.ProveAsync(await cluster.EndOfAsync("b"));
        Assert.Contains(state.Processes, process => process.Id.Value == "b1");
    }

    [Fact]
    public async Task A_duplicate_gets_no_receipt_when_the_write_of_the_first_one_fails()
    {
        await using var blocked = await BlockAsync("u1");
        var number = await BeginUntilReportedAsync("u");
        await SettledAsync(number);
        var pages = (await cluster.Part(number, "stranger").GetPagesAsync()).Reports;
        var held = cluster.Storage.Hold($"reports-{pages}", LetterCluster.Is(cluster.Part(number, "stranger")), FaultKind.Before);
        var first = cluster.Part(number, "stranger").AcceptAsync([Local(number, "stranger")]);
        await held.Hit;
        var second = cluster.Part(number, "stranger").AcceptAsync([Local(number, "stranger")]);
        await cluster.Part(number, "stranger").GetPagesAsync(); // The second one is waiting now.
        held.Release();
        await Assert.ThrowsAnyAsync<Exception>(() => first);
        await Assert.ThrowsAnyAsync<Exception>(() => second);
        Assert.Equal([ReportVerdict.Accepted], await cluster.Part(number, "stranger").AcceptAsync([Local(number, "stranger")]));
        Assert.Equal([ReportVerdict.Duplicate], await cluster.Part(number, "stranger").AcceptAsync([Local(number, "stranger")]));
        Assert.Equal([ReportVerdict.WrongEpoch], await cluster.Part(number, "stranger").AcceptAsync([Local(number, "stranger", epoch: 2)]));
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Part(number, "stranger").AcceptAsync([Local(number + 1, "stranger")]));
        await blocked.DisposeAsync();
        await cluster.ProveAsync(await cluster.EndOfAsync("u"));
    }

    [Fact]
    public async Task A_report_that_got_lost_is_repeated_also_while_new_ones_keep_coming()
    {
        await cluster.OpenAsync("i1", "i2");
        var number = await cluster.NextNumberAsync();
        var failed = cluster.Storage.Fail("reports-0", LetterCluster.Is(cluster.Part(number, "i1")), FaultKind.Before);
        await cluster.BeginAsync("lost");
        await failed.Hit;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var ended = false;
        for (var round = 0; !ended && !limit.IsCancellationRequested; round++)
        {
            await cluster.TakeAsync($"lost-{round}");
            ended = (await cluster.Snapshots.GetAsync(new("lost")))!.Summary.Status == SnapshotStatus.Completed;
        }

        Assert.True(ended);
    }

    [Fact]
    public async Task A_page_that_another_activation_wrote_is_found()
    {
        await using var blocked = await BlockAsync("z1");
        var number = await BeginUntilReportedAsync("z");
        await SettledAsync(number);
        var pages = (await cluster.Part(number, "stranger").GetPagesAsync()).Reports;
        cluster.Storage.Put(
            $"reports-{pages}", cluster.Part(number, "stranger").GetGrainId(), cluster.Serializer, new StoredReports { Reports = [Local(number, "stranger")] });
        await LetterCluster.UntilAsync(async () => (await cluster.Part(number, "stranger").GetPagesAsync()).Reports > pages, "the page is read");
        await blocked.DisposeAsync();
        await cluster.ProveAsync(await cluster.EndOfAsync("z"));
    }

    [Fact]
    public async Task Who_waits_looks_for_pages_of_other_activations_once_a_second()
    {
        await using var blocked = await BlockAsync("look1");
        var number = await BeginUntilReportedAsync("look");
        var rows = LetterCluster.Is(cluster.Part(number, "look1"));
        var (reads, started) = (cluster.Storage.Reads(rows), Stopwatch.GetTimestamp());
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.Storage.Reads(rows) >= reads + 3), "it looks three times");
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(1.9), "it looks all the time");
        await blocked.DisposeAsync();
        await cluster.ProveAsync(await cluster.EndOfAsync("look"));
    }

    [Fact]
    public async Task A_snapshot_that_times_out_names_what_it_waits_for()
    {
        await using var blocked = await BlockAsync("t1");
        await cluster.BeginAsync("t", TimeSpan.FromSeconds(8));
        var view = await cluster.EndOfAsync("t");
        Assert.Equal(SnapshotStatus.Aborted, view.Summary.Status);
        Assert.Equal("timed out after 8 s, waiting for t1", view.Summary.Reason);
        Assert.Equal(["t1"], view.Progress.WaitingFor);
        Assert.Equal(view.Progress.ProcessesExpected - 1, view.Progress.ProcessesRecorded);
    }

    [Theory]
    [InlineData("index")]
    [InlineData("members")]
    public async Task A_snapshot_whose_members_cannot_be_gathered_ends_all_the_same(string how)
    {
        await cluster.OpenAsync("g1");
        var number = await cluster.NextNumberAsync();
        for (var attempt = 0; attempt < 20; attempt++) cluster.Storage.Fail("part", LetterCluster.Is(cluster.Part(number, "g1")), FaultKind.Before);
        var id = $"g-{how}";
        await cluster.BeginAsync(id, how == "index" ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromMinutes(5));
        if (how == "members")
        {
            await LetterCluster.UntilAsync(
                async () => await Record.ExceptionAsync(() => cluster.Snapshots.AbortAsync(new(id), "enough")) is null, "it can be aborted");
        }

        var view = await cluster.EndOfAsync(id);
        Assert.Equal(SnapshotStatus.Aborted, view.Summary.Status);
        Assert.Equal(how == "index" ? "timed out after 0.5 s, waiting for the directory" : "enough", view.Summary.Reason);
    }

    [Fact]
    public async Task An_abort_by_hand_ends_a_snapshot_and_a_second_one_changes_nothing()
    {
        await using var blocked = await BlockAsync("a1");
        await cluster.BeginAsync("a");
        Assert.True(await cluster.Snapshots.AbortAsync(new("a"), "by hand"));
        Assert.True(await cluster.Snapshots.AbortAsync(new("a"), "again"));
        Assert.False(await cluster.Snapshots.AbortAsync(new("nothing"), "x"));
        var view = await cluster.EndOfAsync("a");
        Assert.Equal((SnapshotStatus.Aborted, "by hand"), (view.Summary.Status, view.Summary.Reason));
        Assert.DoesNotContain(view.Summary.Number, (await cluster.Index.GetAnnouncementAsync()).Announcement.Open);
    }

    [Fact]
    public async Task An_abort_that_could_not_be_kept_is_not_answered_as_done()
    {
        await using var blocked = await BlockAsync("k1");
        var number = await cluster.NextNumberAsync();
        await cluster.BeginAsync("k");
        await LetterCluster.UntilAsync(async () => await cluster.Collector(number).GetAsync() is { Progress.ProcessesExpected: > 0 }, "the members are known");
        cluster.Storage.Fail("collector", LetterCluster.Is(cluster.Collector(number)), FaultKind.Before);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Snapshots.AbortAsync(new("k"), "by hand"));
        await blocked.DisposeAsync();
        await cluster.ProveAsync(await cluster.EndOfAsync("k"));
    }

    [Fact]
    public async Task A_deleted_snapshot_leaves_no_row_and_does_not_come_back()
    {
        await cluster.OpenAsync("x1", "x2");
        var number = await cluster.NextNumberAsync();
        await cluster.TakeAsync("x");
        var summary = (await cluster.Snapshots.GetAsync(new("x")))!.Summary;
        Assert.True(cluster.Storage.Rows(cluster.IsOf(number)) >= 4);
        Assert.True(await cluster.Snapshots.DeleteAsync(new("x")));
        Assert.Null(await cluster.Snapshots.GetAsync(new("x")));
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.Storage.Rows(cluster.IsOf(number)) == 0), "it is gone");

        // A start that the index sent before it knew of the end.
        await cluster.Collector(number).StartAsync(summary with { Status = SnapshotStatus.Running, EndedAtMs = null });
        await cluster.TakeAsync("x-next");
        Assert.Null(await cluster.Collector(number).GetAsync());
        Assert.Equal(0, cluster.Storage.Rows(cluster.IsOf(number)));
    }

    [Fact]
    public async Task A_snapshot_that_runs_cannot_be_deleted()
    {
        await using var blocked = await BlockAsync("y1");
        await cluster.BeginAsync("y");
        Assert.False(await cluster.Snapshots.DeleteAsync(new("y")));
        await blocked.DisposeAsync();
        await cluster.ProveAsync(await cluster.EndOfAsync("y"));
    }

    [Fact]
    public async Task What_is_left_of_a_snapshot_that_was_half_deleted_is_not_read_as_a_state()
    {
        await cluster.OpenAsync("h1");
        await cluster.TakeAsync("h");
        var view = (await cluster.Snapshots.GetAsync(new("h")))!;
        await cluster.Collector(view.Summary.Number.Value).DeleteAsync();
        var after = (await cluster.Snapshots.GetAsync(new("h")))!;
        var services = cluster.Silo;
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Snapshots.ReadAsync(
            after, services.GetRequiredService<Serializer<LetterState>>(), services.GetRequiredService<Serializer<Letter>>()));
        Assert.True(await cluster.Snapshots.DeleteAsync(new("h")));
    }

    [Fact]
    public async Task One_snapshot_more_than_may_be_open_is_refused_with_the_reason()
    {
        await using var blocked = await BlockAsync("m1");
        for (var index = 0; index < CollectorCluster.MaxOpen; index++) await cluster.BeginAsync($"m-{index}");
        var exception = await Assert.ThrowsAsync<TooManySnapshotsException>(() => cluster.BeginAsync("m-more"));
        Assert.Equal($"{CollectorCluster.MaxOpen} snapshots are open, which is the limit: wait for one to end, or abort one", exception.Message);
        Assert.Equal("m-0", (await cluster.BeginAsync("m-0")).Id.Value); // One that is there is found.
        await blocked.DisposeAsync();
        for (var index = 0; index < CollectorCluster.MaxOpen; index++) await cluster.ProveAsync(await cluster.EndOfAsync($"m-{index}"));
    }

    /// <summary>
    /// A collector that was lost with the end written tells it when the index starts it again, within a second.
    /// </summary>
    private Task NobodyIsOpenAsync() => LetterCluster.UntilAsync(
        async () => (await cluster.Index.GetAnnouncementAsync()).Announcement.Open.IsEmpty, "the index knows all ends");

    private Func<GrainId, bool> OwnerOf(string row, long number, string process) =>
        row == "collector" ? LetterCluster.Is(cluster.Collector(number)) : LetterCluster.Is(cluster.Part(number, process));

    private static ReportSurrogate Local(long snapshot, string process, long epoch = 1) => new LocalReport<StatePayload>(
        new(snapshot), new(epoch), new(process), new(new Payload(new byte[] { 1 }), default), [], []).ToWire();

    /// <summary>
    /// Holds the next write of a process until it is disposed; meanwhile nobody hears that it recorded.
    /// </summary>
    private async Task<Blocked> BlockAsync(string id)
    {
        await cluster.OpenAsync(id, $"beside-{id}"); // So that there is always somebody who does report.
        await SettleProcessAsync(id);
        var rule = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters(id)));
        var step = cluster.Letters(id).DepositAsync(0);
        await rule.Hit;
        return new Blocked(rule, step);
    }

    /// <summary>Begins a snapshot, and waits until somebody's report of it is kept.</summary>
    private async Task<long> BeginUntilReportedAsync(string id)
    {
        var number = (await cluster.BeginAsync(id)).Number.Value;
        await LetterCluster.UntilAsync(async () => await cluster.Collector(number).GetAsync() is { Progress.ProcessesRecorded: > 0 }, "the others have reported");
        return number;
    }

    private Task SettleProcessAsync(string id) => cluster.Process(id).SettleAsync();

    /// <summary>Waits until all processes but one have reported.</summary>
    private Task SettledAsync(long number) => LetterCluster.UntilAsync(
        async () => await cluster.Collector(number).GetAsync() is { Progress: var progress }
            && progress.ProcessesRecorded == progress.ProcessesExpected - 1,
        "one process is missing");
}
