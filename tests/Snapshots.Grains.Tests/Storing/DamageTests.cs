using Microsoft.Extensions.DependencyInjection;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>A stored row or process that is missing or changed is refused with its name, and nothing is overwritten.</summary>
public sealed class DamageTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_damaged_process_aborts_the_snapshot_that_needs_it_at_once_and_is_shown()
    {
        await using var cluster = await DamageCluster.StartAsync();
        await cluster.OpenAsync("sound", "broken");
        await LeaveAsync(cluster, cluster.Letters("broken"), "broken");
        await cluster.Journals.DamageAsync(cluster.Letters("broken").GetGrainId());
        var writes = cluster.WritesOf("broken");

        var end = await cluster.AbortedAsync("needs-it");
        Assert.StartsWith("The stored state of letters/broken is damaged: checkpoint ", end.Reason, StringComparison.Ordinal);
        Assert.Equal(["letters/broken"], cluster.Health.Damaged);
        Assert.Equal(writes, cluster.WritesOf("broken"));
        await cluster.Letters("sound").DepositAsync(1);
    }

    /// <summary>
    /// (1) A process has two activations, and its journal is damaged; (2) the other one was closed by a restore, and has
    /// applied its part. This one, which may not write, must not keep callers from the process for ever.
    /// </summary>
    [Fact]
    public async Task A_damaged_activation_ends_when_another_one_has_written()
    {
        await using var cluster = await DamageCluster.StartAsync();
        await cluster.OpenAsync("broken");
        var record = await cluster.StoredAsync("broken");
        await LeaveAsync(cluster, cluster.Letters("broken"), "broken");
        await cluster.Journals.DamageAsync(cluster.Letters("broken").GetGrainId());
        await Assert.ThrowsAsync<DamagedStateException>(() => cluster.Letters("broken").DepositAsync(1));

        var other = cluster.Journals.Open(cluster.Letters("broken").GetGrainId());
        await other.AcceptDamageAsync();
        await other.ReplaceAsync(Given.RecordCodec.Encode(record));
        await LetterCluster.UntilAsync(
            async () =>
            {
                try
                {
                    await cluster.Letters("broken").DepositAsync(1);
                    return true;
                }
                catch (Exception exception) when (exception is DamagedStateException or NotPersistedException)
                {
                    return false;
                }
            },
            "the stale activation ends");
        Assert.Equal(1001, (await cluster.Letters("broken").GetAsync()).Balance);
    }

    [Theory]
    [InlineData("page-0")]
    [InlineData("unfinished-3")]
    public async Task A_flipped_bit_in_a_row_of_the_directory_is_named_and_aborts_the_snapshot(string row)
    {
        await using var cluster = await DamageCluster.StartAsync();
        await cluster.OpenAsync("known");
        await cluster.ReplaceAsync(cluster.ShardOf("known"), grain => cluster.Storage.FlipBit(row, grain));

        var shard = cluster.ShardOf("known").GetGrainId();
        var end = await cluster.AbortedAsync("needs-it");
        Assert.Equal($"The stored state of {shard} is damaged: row {row} was changed, or belongs to another row.", end.Reason);
        Assert.Equal([$"{shard} {row}"], cluster.Health.Damaged);
    }

    [Fact]
    public async Task A_page_of_the_directory_that_is_missing_is_damage_and_not_an_empty_directory()
    {
        await using var cluster = await DamageCluster.StartAsync();
        await cluster.OpenAsync("known");
        await cluster.Letters("known").SendAsync(new("target"), 1); // The registry now says that there is a page.
        await cluster.ReplaceAsync(cluster.ShardOf("known"), grain => cluster.Storage.Remove("page-0", grain));

        var end = await cluster.AbortedAsync("needs-it");
        Assert.StartsWith($"The stored state of {cluster.ShardOf("known").GetGrainId()} is damaged: ", end.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_in_the_place_of_another_is_damage()
    {
        await using var cluster = await DamageCluster.StartAsync();
        await cluster.OpenAsync("known");
        await cluster.ReplaceAsync(cluster.ShardOf("known"), grain => cluster.Storage.Copy("unfinished-1", "unfinished-2", grain));
        Assert.Contains("row unfinished-2 ", (await cluster.AbortedAsync("needs-it")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_index_refuses_with_its_name_and_is_not_overwritten()
    {
        await using var cluster = await DamageCluster.StartAsync();
        await cluster.OpenAsync("known");
        await cluster.TakeAsync("first");
        await cluster.ReplaceAsync(cluster.Index, grain => cluster.Storage.FlipBit("index", grain));
        var written = cluster.Storage.Writes("index");

        var refused = await Assert.ThrowsAsync<DamagedStateException>(() => cluster.BeginAsync("second"));
        Assert.Contains("row index was changed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(written, cluster.Storage.Writes("index"));
    }

    [Fact]
    public async Task A_damaged_report_refuses_the_read_of_its_snapshot()
    {
        await using var cluster = await DamageCluster.StartAsync();
        await cluster.OpenAsync("known");
        await cluster.TakeAsync("kept");
        await cluster.ReplaceAsync(cluster.Part(1, "known"), grain => cluster.Storage.FlipBit("reports-0", grain));
        var view = await cluster.Snapshots.GetAsync(new("kept"));
        var refused = await Assert.ThrowsAsync<DamagedStateException>(() => cluster.ProveAsync(view!));
        Assert.Contains("row reports-0 was changed", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The index starts a collector again, and finds its row damaged.</summary>
    [Fact]
    public async Task A_collector_that_cannot_start_again_ends_its_snapshot_with_the_reason()
    {
        await using var cluster = await DamageCluster.StartAsync();
        await cluster.OpenAsync("known");
        var held = cluster.Storage.Hold("reports-0", LetterCluster.Is(cluster.Part(1, "known")));
        await cluster.BeginAsync("cut-off");
        await held.Hit;
        await cluster.ReplaceAsync(cluster.Collector(1), grain => cluster.Storage.FlipBit("collector", grain));

        SnapshotSummary? summary = null;
        await LetterCluster.UntilAsync(
            async () => (summary = await cluster.Index.FindAsync(new("cut-off"))) is not { Status: SnapshotStatus.Running }, "it ends");
        Assert.Contains("row collector was changed", summary!.Reason, StringComparison.Ordinal);
    }

    /// <summary>It is told to close before it has asked its shard. It must not open as a newcomer after the abort.</summary>
    [Fact]
    public async Task A_process_of_which_nothing_is_left_stays_damaged_when_a_restore_is_aborted()
    {
        await using var cluster = await DamageCluster.StartAsync();
        var gone = cluster.Letters("gone");
        await cluster.ShardOf("gone").RegisterAsync(new("gone"), gone.GetGrainId(), isByMessage: false);
        await cluster.Process("gone").ObeyAsync(new(Epoch.First, new(1), IsOpen: false));
        await cluster.Process("gone").ObeyAsync(new(Epoch.First, new(1), IsOpen: true));
        await Assert.ThrowsAsync<DamagedStateException>(() => gone.DepositAsync(1));
        Assert.StartsWith("The stored state of letters/gone is damaged: ", (await cluster.AbortedAsync("needs-it")).Reason, StringComparison.Ordinal);
        Assert.Equal(["letters/gone"], cluster.Health.Damaged);
    }

    [Fact]
    public async Task A_damaged_process_says_the_same_of_its_damage_however_often_it_is_closed_and_starts_again()
    {
        await using var cluster = await DamageCluster.StartAsync();
        await cluster.OpenAsync("broken");
        await LeaveAsync(cluster, cluster.Letters("broken"), "broken");
        await cluster.Journals.DamageAsync(cluster.Letters("broken").GetGrainId());
        var said = (await Assert.ThrowsAsync<DamagedStateException>(() => cluster.Letters("broken").DepositAsync(1))).Message;
        for (var restore = 1; restore <= 2; restore++)
        {
            await cluster.Process("broken").ObeyAsync(new(Epoch.First, new(restore), IsOpen: false));
            await LeaveAsync(cluster, cluster.Letters("broken"), "broken");
            Assert.Equal(said, (await Assert.ThrowsAsync<DamagedStateException>(() => cluster.Letters("broken").DepositAsync(1))).Message);
        }
    }

    /// <summary>
    /// (1) A process applies its part; (2) it is damaged; (3) its shard starts again, and gives out the parts once more.
    /// </summary>
    [Fact]
    public async Task A_restore_counts_a_process_that_takes_no_part_apart_and_does_not_say_that_it_is_restored()
    {
        await using var cluster = await DamageCluster.StartAsync();
        var shard = DirectoryKeys.Shards.PartOf(new("broken"));
        var (sound, broken) = (LetterCluster.ProcessesOf(shard, 1)[0].Value, "broken");
        await cluster.OpenAsync(sound, broken);
        await cluster.TakeAsync("source");
        await LeaveAsync(cluster, cluster.Letters(broken), broken);
        await cluster.Journals.DamageAsync(cluster.Letters(broken).GetGrainId());

        var order = new ShardOrder(new(new(2), new(1), IsOpen: true), new(1));
        ShardStanding? standing = null;
        await LetterCluster.UntilAsync(async () => (standing = await cluster.ShardOf(broken).OrderAsync(order)).IsDone, "the parts are applied");
        Assert.Equal(new RestoreCounts(1, 0, 0, Damaged: 1), standing!.Counts);
        Assert.Equal(1000, (await cluster.Letters(sound).GetAsync()).Balance);
        await Assert.ThrowsAsync<DamagedStateException>(() => cluster.Letters(broken).GetAsync());
    }

    private static async Task LeaveAsync(LetterCluster cluster, ILetterGrain grain, string id)
    {
        var context = cluster.ContextOf(id);
        await LetterCluster.DeactivateAsync(grain);
        await context.Deactivated.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    private sealed class DamageCluster : LetterCluster
    {
        public SnapshotsHealth Health => Silo.GetRequiredService<SnapshotsHealth>();

        public static async Task<DamageCluster> StartAsync()
        {
            var cluster = new DamageCluster();
            await cluster.InitializeAsync();
            return cluster;
        }

        /// <summary>A snapshot takes the state of a process at rest from its shard, and needs nothing else of it.</summary>
        private protected override void Configure(SnapshotsOptions options) => options.RestAfter = null;

        /// <summary>Loses the silo with the grain, changes what is stored of it, and starts again.</summary>
        public Task ReplaceAsync(IAddressable grain, Action<GrainId> change)
        {
            var id = grain.GetGrainId();
            return LoseAllAsync(() => change(id));
        }

        /// <summary>Takes a snapshot that nothing but the damage can end before its timeout of 30 s.</summary>
        public async Task<SnapshotSummary> AbortedAsync(string id)
        {
            await BeginAsync(id, TimeSpan.FromMinutes(10));
            var summary = (await EndOfAsync(id)).Summary;
            Assert.Equal(SnapshotStatus.Aborted, summary.Status);
            return summary;
        }
    }
}
