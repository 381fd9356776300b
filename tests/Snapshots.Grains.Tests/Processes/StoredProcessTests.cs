using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>What is stored of a process, and what its next activation makes of it.</summary>
public sealed class StoredProcessTests(ProcessCluster cluster) : IClassFixture<ProcessCluster>
{
    /// <summary>So that a process which is registered always has a record: one without has lost it.</summary>
    [Fact]
    public async Task A_newcomer_stores_an_empty_record_before_it_registers()
    {
        var held = cluster.Storage.Hold(TestJournals.Name, LetterCluster.Is(cluster.Letters("empty")));
        var page = cluster.Storage.Hold("page-0", LetterCluster.Is(cluster.ShardOf("empty")));
        var opening = cluster.Letters("empty").DepositAsync(5);
        await held.Hit;
        Assert.False(await cluster.ShardOf("empty").IsRegisteredAsync(new("empty")));
        held.Release();
        await page.Hit;
        Assert.Equal((0, false), ((await cluster.StoredAsync("empty")).State.Balance, opening.IsCompleted));
        page.Release();
        await opening;
        Assert.Equal(5, (await cluster.Letters("empty").GetAsync()).Balance);
    }

    /// <summary>A restore counts on what is confirmed, also after a crash.</summary>
    [Fact]
    public async Task A_process_confirms_that_it_is_closed_when_that_is_stored()
    {
        await cluster.OpenAsync("closing");
        var held = cluster.Storage.Hold(TestJournals.Name, LetterCluster.Is(cluster.Letters("closing")));
        var closing = cluster.Process("closing").ObeyAsync(new(Epoch.First, new(1), IsOpen: false));
        await held.Hit;
        Assert.False(closing.IsCompleted);
        held.Release();
        await closing;

        // The snapshots of other tests need it.
        await cluster.Process("closing").ObeyAsync(new(Epoch.First, new(1), IsOpen: true));
    }

    [Fact]
    public async Task A_process_that_lacks_its_part_confirms_no_order_of_a_later_epoch()
    {
        await cluster.OpenAsync("behind");
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => cluster.Process("behind").ObeyAsync(new(new(2), new(2), IsOpen: false)));
    }

    [Fact]
    public async Task A_registered_process_of_which_nothing_is_stored_is_damaged_and_not_a_newcomer()
    {
        var gone = cluster.Letters("gone");
        await cluster.ShardOf("gone").RegisterAsync(new("gone"), gone.GetGrainId(), isByMessage: false);
        await Assert.ThrowsAsync<DamagedStateException>(() => gone.DepositAsync(1));
        await Assert.ThrowsAsync<DamagedStateException>(() => gone.DepositAsync(1));
        Assert.Equal(0, cluster.WritesOf("gone"));

        // Its record is found again; and the snapshots of other tests need it.
        var journal = cluster.Journals.Open(gone.GetGrainId());
        await journal.ReadAsync();
        await journal.ReplaceAsync(Given.RecordCodec.Encode(Given.Joined(new("gone")).TakeRecord(0)));
        await LetterCluster.DeactivateAsync(gone);
        await LetterCluster.UntilAsync(async () => await DepositsAsync(), "it is read again");

        async Task<bool> DepositsAsync()
        {
            try
            {
                await gone.DepositAsync(1);
                return true;
            }
            catch (DamagedStateException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_damaged_process_says_so_and_harms_no_other()
    {
        await cluster.OpenAsync("damaged");
        var context = cluster.ContextOf("damaged");
        await LetterCluster.DeactivateAsync(cluster.Letters("damaged"));
        await context.Deactivated.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await cluster.Journals.DamageAsync(cluster.Letters("damaged").GetGrainId());
        await Assert.ThrowsAsync<DamagedStateException>(() => cluster.Letters("damaged").DepositAsync(1));
        await cluster.OpenAsync("healthy");
    }

    /// <summary>(1) A newcomer stores its empty record; (2) its silo is lost before it registers; (3) the record is damaged.</summary>
    [Fact]
    public async Task A_process_that_never_registered_replaces_its_damaged_record_and_starts()
    {
        var process = cluster.Letters("never");
        await cluster.Journals.DamageAsync(process.GetGrainId());
        var earlier = cluster.Journals.Open(process.GetGrainId());
        await Assert.ThrowsAsync<DamagedStateException>(earlier.ReadAsync);
        await earlier.AcceptDamageAsync();

        Assert.Equal(0, (await process.GetAsync()).Balance);
        Assert.Equal(0, cluster.WritesOf("never"));
        await process.DepositAsync(5);
        Assert.Equal(5, (await cluster.StoredAsync("never")).State.Balance);
        Assert.DoesNotContain("letters/never", cluster.Silo.GetRequiredService<SnapshotsHealth>().Damaged);

        // Neither an earlier activation nor what it has under way can write after that.
        await Assert.ThrowsAsync<InconsistentStateException>(() => earlier.ReplaceAsync(new byte[] { 1 }));
    }

    [Fact]
    public async Task A_process_that_is_registered_is_damaged_although_it_has_stored_no_more_than_its_empty_record()
    {
        var process = cluster.Letters("registered");
        await cluster.ShardOf("registered").RegisterAsync(new("registered"), process.GetGrainId(), isByMessage: false);
        await cluster.Journals.DamageAsync(process.GetGrainId());
        await Assert.ThrowsAsync<DamagedStateException>(() => process.GetAsync());
        var damage = await Assert.ThrowsAsync<DamagedStateException>(() => process.DepositAsync(1));
        Assert.Contains("checkpoint 1 ", damage.Message, StringComparison.Ordinal);
        Assert.Equal(0, cluster.WritesOf("registered"));
    }

    /// <summary>The directory may have lost it.</summary>
    [Fact]
    public async Task A_process_that_has_stored_more_than_one_write_is_damaged_although_its_shard_does_not_know_it()
    {
        var process = cluster.Letters("forgotten");
        for (var write = 1; write <= 2; write++) await cluster.Journals.DamageAsync(process.GetGrainId());
        await Assert.ThrowsAsync<DamagedStateException>(() => process.DepositAsync(1));
        await Assert.ThrowsAsync<DamagedStateException>(() => process.GetAsync());
        Assert.Equal(0, cluster.WritesOf("forgotten"));
    }

    /// <summary>
    /// The next activation reads a checkpoint and entries as they were written, and a long tail is made short.
    /// </summary>
    [Fact]
    public async Task What_was_appended_is_read_again_and_a_process_that_leaves_makes_a_checkpoint_of_a_long_tail()
    {
        await cluster.OpenAsync("tail", "tail-to");
        for (var letter = 0; letter < 100; letter++) await cluster.Letters("tail").SendAsync(new("tail-to"), 1);
        Assert.True((await ReadAsync()).Entries.Length >= 100);
        var context = cluster.ContextOf("tail");
        await LetterCluster.DeactivateAsync(cluster.Letters("tail"));
        await context.Deactivated.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(900, (await cluster.Letters("tail").GetAsync()).Balance);
        Assert.True((await ReadAsync()).Entries.Length < 100);
        await cluster.UntilTakenAsync("tail-to", [.. Enumerable.Repeat(1L, 100)]);

        async Task<JournalContent> ReadAsync() =>
            (await cluster.Journals.Open(cluster.Letters("tail").GetGrainId()).ReadAsync())!;
    }
}
