using Microsoft.Data.Sqlite;
using Snapshots.Grains;

namespace Snapshots.Storage.Tests;

public sealed class SqliteJournalTests : EntryJournalTests
{
    private static readonly string[] ContentTables = ["checkpoint", "entry"];

    private readonly TemporaryFolder _folder = new();
    private TestSqlite _sqlite = null!;

    [Fact]
    public async Task Journals_survive_the_silo()
    {
        await WrittenAsync("a", "b");
        await _sqlite.DisposeAsync();
        _sqlite = await TestSqlite.StartAsync(_folder.Path);
        var journal = new ProcessJournal(_sqlite.Journals.Open(Alice), Alice);
        Assert.Equal("a b", await ReadAsync(journal));
        await journal.AppendAsync(Bytes("c"));
        Assert.Equal("a b c", await ReadAsync(journal));
    }

    [Fact]
    public async Task A_missing_journal_row_is_damage_and_is_not_begun_again()
    {
        await WrittenAsync("a", "b");
        Execute("DELETE FROM journal");
        await AssertDamagedAsync("number 2 is stored, but the last write was 0");
        var journal = Journals.Open(Alice);
        await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(() => journal.ReplaceAsync(1, Bytes("x")));
        Assert.Equal(1, await journal.ReadTipAsync());
    }

    [Fact]
    public async Task Entries_that_no_chain_reaches_are_found()
    {
        var journal = await WrittenAsync("a", "b", "c", "d");
        Execute("UPDATE entry SET previous = NULL WHERE number = 3");
        Assert.Equal("a b c d", await ReadAsync(Open()));
        Execute("UPDATE entry SET previous = id WHERE number = 4; UPDATE journal SET last = NULL");
        Assert.Equal("a b c d", await ReadAsync(Open()));
        await journal.AppendAsync(Bytes("e"));
        Assert.Equal("a b c d e", await ReadAsync(Open()));
    }

    [Fact]
    public async Task Every_row_names_its_process()
    {
        await WrittenAsync("a", "b");
        foreach (var table in new[] { "journal", "checkpoint", "entry" })
            Assert.Equal(1, Query($"SELECT count(*) FROM {table} WHERE process = 'account/alice'"));
    }

    [Fact]
    public async Task Replaced_entries_are_removed_while_writes_go_on_and_those_in_use_stay()
    {
        var alice = await WrittenAsync("a", "b");
        var bob = Open(Bob);
        await bob.ReadAsync();
        for (var write = 0; write < 3000; write++)
        {
            if (write % 10 == 0) await bob.ReplaceAsync(Bytes("checkpoint"));
            else await bob.AppendAsync(Bytes("entry"));
        }

        Assert.InRange(Query("SELECT count(*) FROM entry"), 1, 600);
        Assert.Equal(10, 1 + (await bob.ReadAsync())!.Entries.Length);
        Assert.Equal("a b", await ReadAsync(alice));
    }

    [Fact]
    public async Task The_journal_of_a_process_may_not_exceed_the_limit_of_the_storage()
    {
        var journal = await WrittenAsync("a");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => journal.AppendAsync(new byte[TestSqlite.MaxStateBytes]));
        Assert.StartsWith("The state journal of grain account/alice has ", failure.Message, StringComparison.Ordinal);
        Assert.Equal("a", await ReadAsync(Open()));
    }

    internal override async Task<IProcessJournals> StartAsync()
    {
        _sqlite = await TestSqlite.StartAsync(_folder.Path);
        return _sqlite.Journals;
    }

    private protected override async Task StopAsync()
    {
        await _sqlite.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task ChangeAsync(GrainId process, long number, byte[] content)
    {
        var changed = ContentTables.Sum(table => Execute(
            $"UPDATE {table} SET content = $content WHERE process = $process AND number = $number",
            process,
            number,
            content));
        Assert.Equal(1, changed);
        return Task.CompletedTask;
    }

    private protected override Task DeleteAsync(GrainId process, long number)
    {
        var deleted = ContentTables.Sum(table => Execute(
            $"DELETE FROM {table} WHERE process = $process AND number = $number", process, number, []));
        Assert.Equal(1, deleted);
        return Task.CompletedTask;
    }

    private protected override Task ClearAsync()
    {
        Execute("DELETE FROM journal; DELETE FROM checkpoint; DELETE FROM entry");
        return Task.CompletedTask;
    }

    private long Query(string sql)
    {
        using var connection = OpenDatabase();
        return connection.QueryNumber(sql);
    }

    private void Execute(string sql)
    {
        using var connection = OpenDatabase();
        connection.Execute(sql);
    }

    private int Execute(string sql, GrainId process, long number, byte[] content)
    {
        using var connection = OpenDatabase();
        using var command = connection.CreateCommand(sql);
        command.Parameters.AddWithValue("$process", process.ToString());
        command.Parameters.AddWithValue("$number", number);
        command.Parameters.AddWithValue("$content", content);
        return command.ExecuteNonQuery();
    }

    private SqliteConnection OpenDatabase()
    {
        var connection = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        connection.Open();
        return connection;
    }
}
