using Microsoft.Extensions.Logging;
using Snapshots.Grains;

namespace Snapshots.Storage;

/// <summary>
/// The open database of one data directory: versioned payloads under keys, written in groups and read concurrently. It
/// knows nothing of grains. Safe for any thread.
/// </summary>
internal sealed class SqliteStore : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly IGroupTarget _target;
    private readonly GroupWriter _writer;
    private readonly ReadPool _readers;
    private readonly StorageInstruments _instruments;

    /// <summary>Owns the directory and the target from here on.</summary>
    public SqliteStore(
        DataDirectory directory,
        IGroupTarget target,
        SqliteStorageOptions options,
        StorageHealth health,
        StorageInstruments instruments,
        ILogger logger,
        TimeProvider time)
    {
        _directory = directory;
        _target = target;
        _instruments = instruments;
        _readers = new ReadPool(
            options.ReadConnections, () => new ReadConnection(directory, options.BusyTimeout));
        _writer = new GroupWriter(target, options, health, instruments, logger, time);
        instruments.Observe(() => _writer.QueueLength);
    }

    /// <summary>Reads what is stored under a key, every write whose task has completed included.</summary>
    /// <returns>Null when nothing is.</returns>
    /// <exception cref="StorageUnavailableException">The database cannot be read, or is closed.</exception>
    public Task<StoredState?> ReadAsync(StorageKey key, CancellationToken cancellationToken = default) =>
        _readers.RunAsync(connection => connection.Read(key), cancellationToken);

    /// <summary>Reads a journal as of one moment, every write whose task has completed included.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be read, or is closed.</exception>
    public Task<StoredJournal> ReadJournalAsync(string process) =>
        _readers.RunAsync(connection => connection.ReadJournal(process), CancellationToken.None);

    /// <summary>Reads the tip of a journal; 0 where nothing is stored.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be read, or is closed.</exception>
    public Task<long> ReadTipAsync(string process) =>
        _readers.RunAsync(connection => connection.ReadTip(process), CancellationToken.None);

    /// <inheritdoc cref="GroupWriter.WriteAsync"/>
    public Task<long?> WriteAsync(WriteRequest request, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(request, cancellationToken);

    /// <summary>Commits what waits, closes all connections, which empties the log, and frees the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        _instruments.Observe(null);
        await _readers.DisposeAsync().ConfigureAwait(false);
        _target.Dispose();
        _directory.Dispose();
    }
}
