using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Snapshots.Grains;

namespace Snapshots.Storage.Tests;

/// <summary>Journals on a grain storage: here that of SQLite, without its own journals.</summary>
public sealed class GrainStorageJournalTests : JournalTests
{
    private readonly TemporaryFolder _folder = new();
    private readonly Warnings _warnings = new();
    private TestSqlite _sqlite = null!;
    private SnapshotStorage _storage = null!;

    [Fact]
    public async Task Entries_are_not_taken()
    {
        Assert.False(Open().TakesEntries);
        await Assert.ThrowsAsync<NotSupportedException>(() => Journals.Open(Alice).AppendAsync(2, Bytes("x")));
    }

    [Fact]
    public async Task A_changed_number_of_the_row_is_damage()
    {
        await WrittenAsync("a");
        await ChangeRowAsync(Alice, content => content[1] ^= 1);
        await AssertDamagedAsync("number 1 is stored in the place of checkpoint 257");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_row_that_was_cut_off_is_damage(int length)
    {
        await WrittenAsync("a");
        await WriteRowAsync(Alice, new byte[length]);
        await AssertDamagedAsync($"its row has only {length} bytes");
    }

    [Fact]
    public async Task A_large_process_is_warned_of_once()
    {
        var journal = Open();
        await journal.ReadAsync();
        await journal.ReplaceAsync(new byte[GrainStorageJournals.LargeRow - JournalSeal.Overhead - sizeof(long)]);
        Assert.Empty(_warnings);
        await journal.ReplaceAsync(new byte[GrainStorageJournals.LargeRow - JournalSeal.Overhead - sizeof(long) + 1]);
        await journal.ReplaceAsync(new byte[GrainStorageJournals.LargeRow]);
        var next = Open();
        await next.ReadAsync();
        await next.ReplaceAsync(new byte[GrainStorageJournals.LargeRow]);
        Assert.StartsWith("account/alice has 262145 bytes", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registered_journals_are_used_before_the_grain_storage()
    {
        await using var provider = new ServiceCollection().BuildServiceProvider();
        var options = Options.Create(new SnapshotsOptions { StorageName = TestSqlite.Name });
        Assert.True(new SnapshotJournals(_sqlite.Services, options, _storage, _warnings).Open(Alice).TakesEntries);
        Assert.False(new SnapshotJournals(provider, options, _storage, _warnings).Open(Alice).TakesEntries);
    }

    internal override async Task<IProcessJournals> StartAsync()
    {
        _sqlite = await TestSqlite.StartAsync(_folder.Path);
        _storage = new SnapshotStorage(
            _sqlite.Services,
            Options.Create(new SnapshotsOptions { StorageName = TestSqlite.Name }),
            _sqlite.Services.GetRequiredService<Serializer>(),
            new SnapshotsHealth(),
            new SnapshotInstruments(_sqlite.Services.GetRequiredService<IMeterFactory>()),
            NullLogger<SnapshotStorage>.Instance);
        return new GrainStorageJournals(_storage, _warnings);
    }

    private protected override async Task StopAsync()
    {
        await _sqlite.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task ChangeAsync(GrainId process, long number, byte[] content)
    {
        var row = new byte[sizeof(long) + content.Length];
        BinaryPrimitives.WriteInt64LittleEndian(row, number);
        content.CopyTo(row, sizeof(long));
        return WriteRowAsync(process, row);
    }

    private Task WriteRowAsync(GrainId process, byte[] content) => RewriteAsync(process, _ => content);

    private Task ChangeRowAsync(GrainId process, Action<byte[]> change) => RewriteAsync(process, content =>
    {
        change(content);
        return content;
    });

    private async Task RewriteAsync(GrainId process, Func<byte[], byte[]> rewrite)
    {
        var row = new Row<StoredRow>(_storage, "journal", process);
        await row.ReadAsync();
        await row.WriteAsync(new StoredRow { Content = rewrite(row.Value.Content) });
    }

    private sealed class Warnings : ConcurrentQueue<string>, ILogger<GrainStorageJournals>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Enqueue(formatter(state, exception));
    }
}
