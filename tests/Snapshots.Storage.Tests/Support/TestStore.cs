using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Snapshots.Storage.Tests;

/// <summary>
/// A real store over a real folder, with a gate before its transactions and a clock that the test moves.
/// </summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly SqliteStore _store;

    public TestStore(string path, SqliteStorageOptions? options = null)
    {
        options ??= new SqliteStorageOptions();
        Health = new(Time);
#pragma warning disable CA2000 // The store owns both.
        var directory = DataDirectory.Open(path);
        Target = new GatedTarget(new SqliteGroupTarget(directory, options.BusyTimeout));
#pragma warning restore CA2000
        _store = new SqliteStore(
            directory,
            Target,
            options,
            Health,
            new StorageInstruments(Meters, "test"),
            NullLogger.Instance,
            Time);
    }

    public GatedTarget Target { get; }

    public StorageHealth Health { get; }

    public ManualTime Time { get; } = new();

    public TestMeters Meters { get; } = new();

    public static StorageKey Key(string grain) => new("state", grain);

    public Task<long?> Put(string grain, long? expected, string payload) =>
        Put(grain, expected, Encoding.UTF8.GetBytes(payload));

    public Task<long?> Put(string grain, long? expected, byte[] payload) =>
        _store.WriteAsync(WriteRequest.Put(Key(grain), expected, payload), CancellationToken.None);

    public Task<long?> Put(string grain, CancellationToken cancellationToken) =>
        _store.WriteAsync(WriteRequest.Put(Key(grain), null, []), cancellationToken);

    public Task<long?> Journal(WriteKind kind, string process, long tip) =>
        _store.WriteAsync(WriteRequest.Journal(kind, process, tip, [1]), CancellationToken.None);

    public Task<long?> Delete(string grain, long? expected) =>
        _store.WriteAsync(WriteRequest.Delete(Key(grain), expected), CancellationToken.None);

    public async Task<string?> Read(string grain) => await Stored(grain) is { } stored
        ? Encoding.UTF8.GetString(stored.Payload.Span)
        : null;

    public Task<StoredState?> Stored(string grain) => _store.ReadAsync(Key(grain), CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        Target.Release();
        return Close();
    }

    /// <summary>Closes the store alone, with the gate as it is.</summary>
    public async ValueTask Close()
    {
        await _store.DisposeAsync();
        Meters.Dispose();
    }
}
