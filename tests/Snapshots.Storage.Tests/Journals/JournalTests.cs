using Orleans.Storage;

namespace Snapshots.Storage.Tests;

/// <summary>What every storage of journals must do, on a real one.</summary>
public abstract class JournalTests : JournalTestBase
{
    [Fact]
    public async Task Nothing_was_stored_for_a_newcomer()
    {
        var journal = Open();
        Assert.Null(await journal.ReadAsync());
        Assert.Equal((0, 0), (journal.CheckpointBytes, journal.EntryBytes));
        Assert.True(await journal.IsCurrentAsync());
    }

    [Fact]
    public async Task The_next_activation_reads_what_was_written_though_the_first_never_ended()
    {
        var first = await WrittenAsync("a", "b", "c");
        var next = Open();
        Assert.Equal(Expected("a", "b", "c"), await ReadAsync(next));
        Assert.Equal((first.CheckpointBytes, first.EntryBytes), (next.CheckpointBytes, next.EntryBytes));
        await WriteAsync(next, "d");
        Assert.Equal(Expected("a", "b", "c", "d"), await ReadAsync(Open()));
    }

    [Fact]
    public async Task A_checkpoint_replaces_all_before_it()
    {
        var journal = await WrittenAsync("a", "b", "c");
        await journal.ReplaceAsync(Bytes("d"));
        Assert.Equal(0, journal.EntryBytes);
        await WriteAsync(journal, "e");
        Assert.Equal(Expected("d", "e"), await ReadAsync(Open()));
    }

    [Fact]
    public async Task Processes_do_not_share_what_is_stored()
    {
        await WrittenAsync("a", "b");
        var bob = Open(Bob);
        Assert.Null(await bob.ReadAsync());
        await bob.ReplaceAsync(Bytes("x"));
        Assert.Equal(Expected("a", "b"), await ReadAsync(Open()));
        Assert.Equal("x", await ReadAsync(Open(Bob)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024 * 1024)]
    public async Task Content_comes_back_byte_by_byte(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        var journal = Open();
        await journal.ReadAsync();
        await journal.ReplaceAsync(content);
        if (journal.TakesEntries) await journal.AppendAsync(content);
        var stored = await Open().ReadAsync();
        Assert.Equal(content, stored!.Checkpoint.ToArray());
        Assert.All(stored.Entries, entry => Assert.Equal(content, entry.ToArray()));
        Assert.Equal(journal.TakesEntries ? 1 : 0, stored.Entries.Length);
    }

    [Fact]
    public async Task An_empty_storage_refuses_a_late_checkpoint_and_an_entry_without_one()
    {
        var journal = Journals.Open(Alice);
        await journal.ReadAsync();
        await Assert.ThrowsAsync<InconsistentStateException>(() => journal.ReplaceAsync(2, Bytes("x")));
        if (journal.TakesEntries)
            await Assert.ThrowsAsync<InconsistentStateException>(() => journal.AppendAsync(2, Bytes("x")));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => journal.ReplaceAsync(0, Bytes("x")));
        Assert.Null(await Open().ReadAsync());
    }

    [Fact]
    public async Task A_write_before_the_read_is_an_error_of_the_caller()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Open().ReplaceAsync(Bytes("x")));
        var journal = Open();
        await journal.ReadAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => journal.AppendAsync(Bytes("x")));
        Assert.Null(await Open().ReadAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_write_that_failed_the_journal_refuses_all_and_the_next_activation_goes_on(bool replaces)
    {
        var (journal, faults) = await FaultyAsync("a", "b");
        faults.NextWrite = WriteFate.Lost;
        await Assert.ThrowsAsync<IOException>(() => WriteAsync(journal, "lost", replaces));
        await AssertRefusesAllAsync(journal);
        var next = Open();
        Assert.Equal(Expected("a", "b"), await ReadAsync(next));
        await WriteAsync(next, "c", replaces);
        Assert.Equal(Expected(replaces, "a", "b", "c"), await ReadAsync(Open()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_took_effect_although_it_failed_is_read_by_the_next_activation(bool replaces)
    {
        var (journal, faults) = await FaultyAsync("a", "b");
        faults.NextWrite = WriteFate.Unanswered;
        await Assert.ThrowsAsync<IOException>(() => WriteAsync(journal, "c", replaces));
        await AssertRefusesAllAsync(journal);
        var next = Open();
        Assert.Equal(Expected(replaces, "a", "b", "c"), await ReadAsync(next));
        await WriteAsync(next, "d");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_arrives_before_the_successors_ends_the_successor(bool replaces)
    {
        var (journal, faults) = await FaultyAsync("a", "b");
        faults.NextWrite = WriteFate.Late;
        await Assert.ThrowsAsync<IOException>(() => WriteAsync(journal, "late", replaces));
        var next = Open();
        Assert.Equal(Expected("a", "b"), await ReadAsync(next));
        Assert.True(await next.IsCurrentAsync());
        await faults.ArriveAsync();
        Assert.False(await next.IsCurrentAsync());
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(next, "c"));
        await AssertRefusesAllAsync(next);
        Assert.Equal(Expected(replaces, "a", "b", "late"), await ReadAsync(Open()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_arrives_after_the_successors_is_refused(bool replaces)
    {
        var (journal, faults) = await FaultyAsync("a", "b");
        faults.NextWrite = WriteFate.Late;
        await Assert.ThrowsAsync<IOException>(() => WriteAsync(journal, "late", replaces));
        var next = Open();
        await next.ReadAsync();
        await WriteAsync(next, "c");
        await Assert.ThrowsAsync<InconsistentStateException>(faults.ArriveAsync);
        Assert.True(await next.IsCurrentAsync());
        Assert.Equal(Expected("a", "b", "c"), await ReadAsync(Open()));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_stale_activations_write_is_refused(bool staleReplaces, bool successorReplaces)
    {
        var stale = await WrittenAsync("a", "b");
        var successor = Open();
        await successor.ReadAsync();
        await WriteAsync(successor, "c", successorReplaces);
        Assert.False(await stale.IsCurrentAsync());
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(stale, "stale", staleReplaces));
        await AssertRefusesAllAsync(stale);
        Assert.Equal(Expected(successorReplaces, "a", "b", "c"), await ReadAsync(Open()));
    }

    [Fact]
    public async Task Of_many_activations_that_write_at_once_one_succeeds_each_time()
    {
        await WrittenAsync("a");
        var expected = new List<string> { "a" };
        for (var round = 0; round < 20; round++)
        {
            var racers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            {
                var racer = Open();
                await racer.ReadAsync();
                return racer;
            }));
            var results = await Task.WhenAll(racers.Select(async (racer, lane) =>
            {
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                var failure = await Record.ExceptionAsync(() => WriteAsync(racer, $"{round}-{lane}"));
                if (failure is not null) Assert.IsType<InconsistentStateException>(failure);
                return failure is null ? $"{round}-{lane}" : null;
            }));
            expected.Add(Assert.Single(results.OfType<string>()));
            Assert.Equal(Expected([.. expected]), await ReadAsync(Open()));
        }
    }

    [Fact]
    public async Task Of_many_first_checkpoints_at_once_one_succeeds()
    {
        var racers = Enumerable.Range(0, 8).Select(_ => Open()).ToList();
        foreach (var racer in racers) await racer.ReadAsync();
        var failures = await Task.WhenAll(racers.Select(async (racer, lane) =>
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return await Record.ExceptionAsync(() => racer.ReplaceAsync(Bytes($"{lane}")));
        }));
        var winner = Assert.Single(Enumerable.Range(0, 8), lane => failures[lane] is null);
        Assert.All(failures.OfType<Exception>(), failure => Assert.IsType<InconsistentStateException>(failure));
        Assert.Equal($"{winner}", await ReadAsync(Open()));
    }

    [Fact]
    public async Task Every_byte_of_a_stored_checkpoint_is_under_its_checksum()
    {
        await WrittenAsync("a");
        var stored = (await Journals.Open(Alice).ReadAsync()).Checkpoint!.Value.Content.ToArray();
        for (var index = 0; index < stored.Length; index++)
        {
            var changed = stored.ToArray();
            changed[index] ^= 4;
            await ChangeAsync(Alice, 1, changed);
            await AssertDamagedAsync(index == 0 ? "checkpoint 1 has format 5" : "checkpoint 1 was changed");
        }

        await ChangeAsync(Alice, 1, stored[..10]);
        await AssertDamagedAsync("checkpoint 1 has only 10 bytes");
        await ChangeAsync(Alice, 1, stored);
        Assert.Equal("a", await ReadAsync(Open()));
    }

    [Fact]
    public async Task A_checkpoint_of_another_process_is_damage()
    {
        await WrittenAsync("a");
        var bob = Open(Bob);
        await bob.ReadAsync();
        await bob.ReplaceAsync(Bytes("b"));
        await ChangeAsync(Alice, 1, (await Journals.Open(Bob).ReadAsync()).Checkpoint!.Value.Content.ToArray());
        await AssertDamagedAsync("checkpoint 1 was changed, or belongs to another process");
    }

    [Fact]
    public async Task A_checkpoint_of_another_time_is_damage()
    {
        var journal = await WrittenAsync("a");
        var old = (await Journals.Open(Alice).ReadAsync()).Checkpoint!.Value.Content.ToArray();
        await journal.ReplaceAsync(Bytes("b"));
        await ChangeAsync(Alice, 2, old);
        await AssertDamagedAsync("number 1 is stored in the place of checkpoint 2");
    }
}
