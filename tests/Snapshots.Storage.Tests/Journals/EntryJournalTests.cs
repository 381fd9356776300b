using Orleans.Storage;

namespace Snapshots.Storage.Tests;

/// <summary>What storages must do that take entries.</summary>
public abstract class EntryJournalTests : JournalTests
{
    [Fact]
    public async Task Each_missing_row_is_damage_with_its_name()
    {
        await MissingAsync(1, "it has entry 2 but no checkpoint");
        await MissingAsync(2, "entry 2 is missing");
        await MissingAsync(3, "entry 3 is missing");
        await MissingAsync(4, "entry 4 is missing");
    }

    [Fact]
    public async Task A_missing_lone_checkpoint_is_damage()
    {
        await WrittenAsync("a");
        await DeleteAsync(Alice, 1);
        await AssertDamagedAsync("1 writes were stored, and nothing is left of them");
    }

    [Fact]
    public async Task Every_byte_of_a_stored_entry_is_under_its_checksum()
    {
        await WrittenAsync("a", "b", "c");
        var stored = (await Journals.Open(Alice).ReadAsync()).Entries[0].Content.ToArray();
        for (var index = 0; index < stored.Length; index++)
        {
            var changed = stored.ToArray();
            changed[index] ^= 1;
            await ChangeAsync(Alice, 2, changed);
            await AssertDamagedAsync(index == 0 ? "entry 2 has format 0" : "entry 2 was changed");
        }
    }

    [Fact]
    public async Task An_entry_of_another_process_or_place_is_damage()
    {
        await WrittenAsync("a", "b", "c");
        var bob = Open(Bob);
        await bob.ReadAsync();
        await bob.ReplaceAsync(Bytes("a"));
        await bob.AppendAsync(Bytes("b"));
        var entries = (await Journals.Open(Alice).ReadAsync()).Entries;
        await ChangeAsync(Alice, 2, (await Journals.Open(Bob).ReadAsync()).Entries[0].Content.ToArray());
        await AssertDamagedAsync("entry 2 was changed, or belongs to another process");
        await ChangeAsync(Alice, 2, entries[1].Content.ToArray());
        await AssertDamagedAsync("number 3 is stored in the place of entry 2");
    }

    [Fact]
    public async Task A_damaged_journal_is_not_begun_again()
    {
        await WrittenAsync("a", "b");
        await DeleteAsync(Alice, 1);
        await DeleteAsync(Alice, 2);
        var journal = Journals.Open(Alice);
        await journal.ReadAsync();
        await Assert.ThrowsAsync<InconsistentStateException>(() => journal.ReplaceAsync(1, Bytes("x")));
        Assert.Equal(2, await journal.ReadTipAsync());
    }

    [Fact]
    public async Task A_reader_sees_the_state_of_one_moment()
    {
        var journal = await WrittenAsync("0");
        using var stop = new CancellationTokenSource();
        var reading = ReadUntilAsync(stop.Token);
        for (var write = 1; write < 300; write++)
        {
            if (write % 3 == 0) await journal.ReplaceAsync(Bytes($"{write}"));
            else await journal.AppendAsync(Bytes($"{write}"));
        }

        await stop.CancelAsync();
        await reading;
    }

    private async Task ReadUntilAsync(CancellationToken stop)
    {
        do
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            Assert.NotNull(await Open().ReadAsync());
        }
        while (!stop.IsCancellationRequested);
    }

    /// <summary>Deletes a checkpoint or an entry behind the storage's back.</summary>
    private protected abstract Task DeleteAsync(GrainId process, long number);

    private protected abstract Task ClearAsync();

    private async Task MissingAsync(long number, string damage)
    {
        await ClearAsync();
        await WrittenAsync("a", "b", "c", "d");
        await DeleteAsync(Alice, number);
        await AssertDamagedAsync(damage);
    }
}
