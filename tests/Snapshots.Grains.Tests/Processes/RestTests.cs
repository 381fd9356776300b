using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>Processes that rest in a cluster: their shard answers snapshots for them.</summary>
public sealed class RestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_snapshot_of_processes_at_rest_activates_and_writes_none_of_them()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("ann", "ben");
        await cluster.Letters("ann").SendAsync(new("ben"), 7);
        await cluster.UntilTakenAsync("ben", 7);
        await cluster.AtRestAsync("ann", "ben");
        var writes = (cluster.WritesOf("ann"), cluster.WritesOf("ben"));

        var state = await cluster.TakeAsync("first");
        Assert.Equal([("ann", 993), ("ben", 1007)], state.Processes.Select(process => (process.Id.Value, process.State.Balance)));
        Assert.Equal(writes, (cluster.WritesOf("ann"), cluster.WritesOf("ben")));
        Assert.False(cluster.IsActive("ann") || cluster.IsActive("ben"));
    }

    [Fact]
    public async Task A_caller_and_a_frame_wake_and_the_next_snapshot_has_what_they_did()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("ann", "ben", "cat");
        await cluster.AtRestAsync("ann", "ben", "cat");
        await cluster.TakeAsync("first");
        await cluster.Letters("ann").SendAsync(new("ben"), 7);
        await cluster.UntilTakenAsync("ben", 7);
        var state = await cluster.TakeAsync("second");
        Assert.Equal(
            [("ann", 993), ("ben", 1007), ("cat", 1000)],
            state.Processes.Select(process => (process.Id.Value, process.State.Balance)));
        Assert.False(cluster.IsActive("cat"));
    }

    [Fact]
    public async Task A_reader_does_not_wake()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("ann");
        await cluster.AtRestAsync("ann");
        var writes = cluster.WritesOf("ann");
        Assert.Equal(1000, (await cluster.Letters("ann").GetAsync()).Balance);
        Assert.Equal(writes, cluster.WritesOf("ann"));
        Assert.Equal(["ann"], await cluster.RestingAsync("ann"));
    }

    /// <summary>A shard has the reports of many in a row, in memory, and in one answer.</summary>
    [Fact]
    public async Task A_process_whose_report_is_too_large_is_asked_like_any_other()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("hub", "spare");
        string[] peers = [.. Enumerable.Range(0, 600).Select(number => $"{number}-{new string('x', 60)}").Order(StringComparer.Ordinal)];
        await cluster.Letters("hub").SendToAllAsync(1, [.. peers.Select(peer => new ProcessId(peer))]);
        await LetterCluster.UntilAsync(async () => (await cluster.StoredAsync("hub")).IsResting, "the hub rests");
        await LetterCluster.UntilAsync(async () => (await cluster.RestingAsync(peers)).Length == peers.Length, "all others rest");
        var state = await cluster.TakeAsync("first");
        Assert.Equal(2000, state.Processes.Sum(process => process.State.Balance));
        Assert.False((await cluster.StoredAsync("hub")).IsResting);
        Assert.Empty(await cluster.RestingAsync("hub"));
    }

    /// <summary>The shard reads what is stored; the processes are left alone.</summary>
    [Fact]
    public async Task After_the_loss_of_every_silo_the_shards_still_answer()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("ann", "ben");
        await cluster.AtRestAsync("ann", "ben");
        var writes = cluster.WritesOf("ann");
        await cluster.LoseAllAsync();
        var state = await cluster.TakeAsync("after");
        Assert.Equal(2000, state.Processes.Sum(process => process.State.Balance));
        Assert.Equal(writes, cluster.WritesOf("ann"));
        await cluster.Letters("ann").DepositAsync(5);
        Assert.Equal(2005, (await cluster.TakeAsync("later")).Processes.Sum(process => process.State.Balance));
    }

    [Fact]
    public async Task A_restore_brings_back_what_a_shard_has_reported_and_processes_rest_in_the_new_epoch()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("ann", "ben");
        await cluster.AtRestAsync("ann", "ben");
        await cluster.TakeAsync("kept");
        await cluster.Letters("ann").SendAsync(new("ben"), 7);
        await cluster.UntilTakenAsync("ben", 7);
        var restore = await cluster.Snapshots.BeginRestoreAsync(new(new("kept"), "a test", TakesSafety: false));
        var ended = await cluster.Snapshots.WaitForRestoreAsync(restore.Number, progress: null, Token);
        Assert.Equal(RestoreStatus.Completed, ended.Status);
        Assert.Equal(1000, (await cluster.Letters("ann").GetAsync()).Balance);

        await cluster.AtRestAsync("ann", "ben");
        var state = await cluster.TakeAsync("after");
        Assert.Equal([1000, 1000], state.Processes.Select(process => process.State.Balance));
        Assert.Equal(new Epoch(2), (await cluster.StoredAsync("ann")).Epoch);
        await cluster.Letters("ann").SendAsync(new("ben"), 9);
        await cluster.UntilTakenAsync("ben", 9);
    }

    /// <summary>
    /// Its shard has what it was: the snapshot has it, and a restore of that brings it back. The damage is found when the
    /// process is wanted.
    /// </summary>
    [Fact]
    public async Task A_process_that_is_damaged_at_rest_is_in_the_snapshot_and_comes_back_by_its_restore()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("ann", "ben");
        await cluster.AtRestAsync("ann", "ben");
        await cluster.Journals.DamageAsync(cluster.Letters("ann").GetGrainId());
        Assert.Equal(2000, (await cluster.TakeAsync("kept")).Processes.Sum(process => process.State.Balance));
        await Assert.ThrowsAsync<DamagedStateException>(() => cluster.Letters("ann").DepositAsync(1));
        var restore = await cluster.Snapshots.BeginRestoreAsync(new(new("kept"), "a test", TakesSafety: false));
        await cluster.Snapshots.WaitForRestoreAsync(restore.Number, progress: null, Token);
        await cluster.Letters("ann").DepositAsync(1);
        Assert.Equal(1001, (await cluster.Letters("ann").GetAsync()).Balance);
    }

    [Fact]
    public async Task A_damaged_row_of_rests_is_named_and_aborts_the_snapshot()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("ann");
        await cluster.AtRestAsync("ann");
        var shard = cluster.ShardOf("ann").GetGrainId();
        await cluster.LoseAllAsync(() => cluster.Storage.FlipBit("rests-0", shard));
        await cluster.BeginAsync("needs-it");
        var end = await cluster.EndOfAsync("needs-it");
        Assert.Equal(
            (SnapshotStatus.Aborted, $"The stored state of {shard} is damaged: row rests-0 was changed, or belongs to another row."),
            (end.Summary.Status, end.Summary.Reason));
    }

    /// <summary>The rows are those of the first snapshot until nobody refers to them.</summary>
    [Fact]
    public async Task Snapshots_share_the_rows_of_processes_that_have_not_changed_and_the_last_one_takes_them_with_it()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("ann", "ben");
        await cluster.AtRestAsync("ann", "ben");
        await cluster.TakeAsync("first");
        var first = await cluster.EndOfAsync("first");
        var copies = cluster.Copies;
        Assert.NotEmpty(copies);
        await cluster.TakeAsync("second");
        var second = await cluster.EndOfAsync("second");
        Assert.Equal(copies, cluster.Copies);
        Assert.True(first.Summary.Bytes > 0);
        Assert.Equal(0, second.Summary.Bytes);

        await cluster.Snapshots.DeleteAsync(new("first"));
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.Storage.Rows(cluster.IsOf(first.Summary.Number.Value)) == 0), "the first one is deleted");
        Assert.Equal(copies, cluster.Copies);
        var state = await cluster.ProveAsync(second);
        Assert.Equal(2000, state.Processes.Sum(process => process.State.Balance));
        await cluster.TakeAsync("third"); // The newest one that is completed stays.
        await cluster.Snapshots.DeleteAsync(new("second"));
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.Storage.Rows(cluster.IsOf(second.Summary.Number.Value)) == 0), "the second one is deleted");
        Assert.Equal(copies, cluster.Copies);
    }

    /// <summary>Read or restored, a snapshot is never without what was lost of it.</summary>
    [Fact]
    public async Task A_damaged_copy_is_named_and_the_next_snapshot_does_not_refer_to_a_damaged_list()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("ann");
        await cluster.AtRestAsync("ann");
        await cluster.TakeAsync("first");
        var keeper = cluster.KeeperOf("ann");
        cluster.Storage.FlipBit("kept-1", keeper);
        Assert.Equal(1000, Assert.Single((await cluster.TakeAsync("second")).Processes).State.Balance);
        Assert.Equal(["copy-0-1", "copy-0-2"], cluster.Copies);
        cluster.Storage.FlipBit("copy-0-2", keeper);
        var view = await cluster.EndOfAsync("second");
        var damage = await Assert.ThrowsAsync<DamagedStateException>(() => cluster.ProveAsync(view));
        Assert.Equal($"The stored state of {keeper} is damaged: row copy-0-2 was changed, or belongs to another row.", damage.Message);
        cluster.Storage.Remove("copy-0-2", keeper);
        damage = await Assert.ThrowsAsync<DamagedStateException>(() => cluster.ProveAsync(view));
        Assert.Equal($"The stored state of {keeper} is damaged: the copy 2 of row 0 of its rests is missing.", damage.Message);
    }

    /// <summary>They are deleted like others; and what a damaged list refers to stays.</summary>
    [Fact]
    public async Task Damaged_rows_keep_neither_their_deletion_nor_later_snapshots()
    {
        await using var cluster = await RestCluster.StartAsync();
        await cluster.OpenAsync("ann");
        for (var amount = 1; amount <= 3; amount++)
        {
            await cluster.AtRestAsync("ann");
            await cluster.TakeAsync($"s-{amount}");
            await cluster.Letters("ann").DepositAsync(amount);
        }

        Assert.Equal(["copy-0-1", "copy-0-2", "copy-0-3"], cluster.Copies);
        cluster.Storage.FlipBit("kept-1", cluster.KeeperOf("ann"));
        cluster.Storage.FlipBit("copy-0-2", cluster.KeeperOf("ann"));
        await cluster.Snapshots.DeleteAsync(new("s-1"));
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.Storage.Names("kept-1").Count == 0), "the first one is deleted");
        await cluster.Snapshots.DeleteAsync(new("s-2"));
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.Copies.Length == 2), "the second one is deleted");
        Assert.Equal(["copy-0-1", "copy-0-3"], cluster.Copies);
        await cluster.AtRestAsync("ann");
        Assert.Equal(1006, Assert.Single((await cluster.TakeAsync("s-4")).Processes).State.Balance);
    }

    private sealed class RestCluster : LetterCluster
    {
        /// <summary>The copies of rows of rests that are stored.</summary>
        public string[] Copies => [.. Storage.Names("copy-").Order(StringComparer.Ordinal)];

        /// <summary>The keeper of the rests of a process's shard.</summary>
        public GrainId KeeperOf(string id) => Grains.GetGrain<IRestKeeper>(ShardOf(id).GetPrimaryKeyString()).GetGrainId();

        public static async Task<RestCluster> StartAsync()
        {
            var cluster = new RestCluster();
            await cluster.InitializeAsync();
            return cluster;
        }

        /// <summary>Those of some processes for which their shards answer.</summary>
        public async Task<string[]> RestingAsync(params string[] ids)
        {
            var rows = await Task.WhenAll(ids.Select(ShardOf).Distinct().Select(ReadAsync));
            return [.. rows.SelectMany(row => row).SelectMany(row => row.ToRow().Entries)
                .Where(entry => entry.Report is not null).Select(entry => entry.Process.Value).Where(ids.Contains).Distinct().Order(StringComparer.Ordinal)];

            static async Task<StoredRests[]> ReadAsync(IDirectoryShard shard)
            {
                var mark = await shard.MarkAsync(SnapshotAnnouncement.None);
                return mark.Sums.Processes == 0 ? [] : await shard.ReadRestsAsync(mark.View, [.. Enumerable.Range(0, mark.Versions.Length).Where(row => mark.Versions[row] > 0)]);
            }
        }

        /// <summary>Waits until processes rest, and ends their activations.</summary>
        public async Task AtRestAsync(params string[] ids)
        {
            await UntilAsync(async () => (await RestingAsync(ids)).SequenceEqual(ids), $"{string.Join(", ", ids)} rest");
            foreach (var id in ids.Where(IsActive))
            {
                var context = ContextOf(id);
                await DeactivateAsync(Letters(id));
                await context.Deactivated.WaitAsync(TimeSpan.FromSeconds(30), Token);
            }
        }

        private protected override void Configure(SnapshotsOptions options)
        {
            options.RestAfter = TimeSpan.FromMilliseconds(100);
            options.RestBeforeListingEnds = TimeSpan.FromMilliseconds(20);
        }
    }
}
