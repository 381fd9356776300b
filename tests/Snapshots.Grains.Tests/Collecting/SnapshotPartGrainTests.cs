using Microsoft.Extensions.DependencyInjection;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>A collection that is split into parts, which exchange what they count.</summary>
public sealed class SnapshotPartGrainTests(RestCluster cluster) : IClassFixture<RestCluster>
{
    private static readonly int Parts = DirectoryKeys.PartCount;

    [Fact]
    public async Task No_part_keeps_more_than_its_own_members_and_their_reports()
    {
        await OpenRingAsync("own");
        var state = await cluster.TakeAsync("own");
        var view = (await cluster.Snapshots.GetAsync(new("own")))!;
        Assert.Equal((state.Processes.Length, state.Channels.Length), (view.Summary.Processes, view.Summary.Channels));
        var partition = new Partition(Parts);
        for (var number = 0; number < Parts; number++)
        {
            var part = cluster.Part(view.Summary.Number.Value, number);
            Assert.All(await part.ReadMembersAsync(0), member => Assert.Equal(number, partition.PartOf(member)));
            for (var page = 0; page < (await part.GetPagesAsync()).Reports; page++)
            {
                Assert.All(await part.ReadAsync(page), report => Assert.Equal(number, partition.PartOf(new(report.Process))));
            }
        }
    }

    /// <summary>What was taken here is never written over from outside.</summary>
    [Fact]
    public async Task Reports_and_members_from_outside_are_refused_unless_their_snapshot_is_being_imported()
    {
        await OpenRingAsync("refused");
        await cluster.TakeAsync("refused");
        var view = (await cluster.Snapshots.GetAsync(new("refused")))!;
        var part = cluster.Part(view.Summary.Number.Value, 0);
        await Assert.ThrowsAsync<InvalidOperationException>(() => part.ImportReportsAsync(0, []));
        await Assert.ThrowsAsync<InvalidOperationException>(() => part.ImportMembersAsync(Epoch.First, 0, 1, []));
        await cluster.ProveAsync(view);
    }

    /// <summary>Without its members a snapshot would complete too early.</summary>
    [Fact]
    public async Task A_page_of_members_that_is_missing_is_damage()
    {
        var part = cluster.Part(1_000_000, 0).GetGrainId();
        var store = new PartStore(cluster.Silo.GetRequiredService<SnapshotStorage>(), part);
        await store.WriteAsync(new PartHead(Epoch.First, MemberPages: 2, []));
        var damage = await Assert.ThrowsAsync<DamagedStateException>(() => store.ReadMembersAsync(1));
        Assert.Contains("page 1 of its members is missing", damage.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("part")]
    [InlineData("reports-0")]
    public async Task A_part_that_is_lost_in_a_write_goes_on_from_what_is_stored(string row)
    {
        await OpenRingAsync($"lost-{row}");
        var next = (await cluster.Index.GetAnnouncementAsync()).Announcement.Highest.Value + 1;
        var part = cluster.Part(next, new Partition(Parts).PartOf(new($"lost-{row}-0")));
        var held = cluster.Storage.Hold(row, LetterCluster.Is(part), FaultKind.Before);
        var id = $"lost-{row}";
        await cluster.BeginAsync(id);
        await held.Hit;
        await LetterCluster.DeactivateAsync(part);
        held.Release();
        await cluster.ProveAsync(await cluster.EndOfAsync(id));
    }

    /// <summary>
    /// All others are done and have told each other everything: what they told is heard again by who is lost.
    /// </summary>
    [Fact]
    public async Task Parts_and_the_collector_that_are_lost_before_the_end_hear_everything_again()
    {
        await OpenRingAsync("again");
        await using var blocked = await BlockAsync("again-0");
        var number = (await cluster.BeginAsync("again")).Number.Value;
        await WaitsForAsync("again", "again-0");
        for (var part = 0; part < Parts; part++) await LetterCluster.DeactivateAsync(cluster.Part(number, part));
        await LetterCluster.DeactivateAsync(cluster.Collector(number));
        await WaitsForAsync("again", "again-0");
        await blocked.DisposeAsync();
        await cluster.ProveAsync(await cluster.EndOfAsync("again"));
    }

    [Fact]
    public async Task Who_pays_a_member_of_another_part_inside_the_snapshot_does_not_harm_it()
    {
        await OpenRingAsync("pay");
        await using var blocked = await BlockAsync("pay-0");
        await cluster.BeginAsync("pay");
        await WaitsForAsync("pay", "pay-0");
        await cluster.OpenAsync("pay-new");
        for (var index = 1; index < 8; index++) await cluster.Letters("pay-new").SendAsync(new($"pay-{index}"), 3);
        await blocked.DisposeAsync();
        await cluster.ProveAsync(await cluster.EndOfAsync("pay"));
    }

    [Fact]
    public async Task Parts_that_did_not_hear_of_the_end_ask_for_it_and_a_deleted_snapshot_leaves_no_row_of_any()
    {
        await OpenRingAsync("gone");
        await cluster.TakeAsync("gone");
        var number = (await cluster.Snapshots.GetAsync(new("gone")))!.Summary.Number.Value;
        for (var part = 0; part < Parts; part++) await LetterCluster.DeactivateAsync(cluster.Part(number, part));
        var stranger = new OverflowReport(new(number), Epoch.First, new("gone-0"), 1).ToWire();
        var verdicts = await cluster.Part(number, new Partition(Parts).PartOf(new("gone-0"))).AcceptAsync([stranger]);
        Assert.Equal([ReportVerdict.Duplicate], verdicts);
        Assert.True(cluster.Storage.Rows(cluster.IsOf(number)) > Parts);
        Assert.True(await cluster.Snapshots.DeleteAsync(new("gone")));
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.Storage.Rows(cluster.IsOf(number)) == 0), "it is gone");
    }

    /// <summary>Opens processes of many parts, each of which has sent to the next.</summary>
    private async Task OpenRingAsync(string prefix)
    {
        const int Count = 24;
        await cluster.OpenAsync([.. Enumerable.Range(0, Count).Select(index => $"{prefix}-{index}")]);
        for (var index = 0; index < Count; index++) await cluster.Letters($"{prefix}-{index}").SendAsync(new($"{prefix}-{(index + 1) % Count}"), 1);
    }

    private Task WaitsForAsync(string snapshot, string process) => LetterCluster.UntilAsync(
        async () => (await cluster.Snapshots.GetAsync(new(snapshot)))!.Progress.WaitingFor.SequenceEqual([process]), $"only {process} is missing");

    /// <summary>
    /// Holds the next write of a process until it is disposed; meanwhile nobody hears that it recorded.
    /// </summary>
    private async Task<Blocked> BlockAsync(string id)
    {
        await cluster.Process(id).SettleAsync();
        var rule = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters(id)));
        var step = cluster.Letters(id).DepositAsync(0);
        await rule.Hit;
        return new Blocked(rule, step);
    }
}
