using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Snapshots.Storage;

/// <summary>
/// Orleans's view of the store: turns states into bytes and versions into etags. The store is open from the silo's
/// first stage, before any grain, to the end of that stage on the way down, after every grain.
/// </summary>
internal sealed partial class SqliteGrainStorage(
    string name,
    SqliteStorageOptions options,
    IActivatorProvider activators,
    StorageInstruments instruments,
    ILogger<SqliteGrainStorage> logger,
    TimeProvider time)
    : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>, IAsyncDisposable, IDisposable
{
    private readonly StorageHealth _health = new(time);
    private readonly ILogger _logger = logger;
    private SqliteStore? _store;
    private int _closed;

    public IStorageHealth Health => _health;

    /// <summary>The open store, which journals share with the states.</summary>
    /// <exception cref="StorageUnavailableException">The silo has not started it.</exception>
    public SqliteStore Store => _store ?? throw new StorageUnavailableException("The storage has not started.");

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        $"{nameof(SqliteGrainStorage)}-{name}",
        ServiceLifecycleStage.RuntimeInitialize,
        _ => Task.Run(Open, CancellationToken.None),
        _ => DisposeAsync().AsTask());

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        // Awaits in the grain's context, here as below: the state belongs to the grain's own thread.
        var stored = await Store.ReadAsync(Key(stateName, grainId), cancellationToken);
        if (stored is null)
        {
            Reset(grainState);
            return;
        }

        grainState.State = options.GrainStorageSerializer.Deserialize<T>(stored.Payload) ?? CreateState<T>();
        grainState.ETag = ETag.Format(stored.Version);
        grainState.RecordExists = true;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        // All that the write needs of the state is taken before the first await: the grain may change it while it
        // waits.
        var request = WriteRequest.Put(
            Key(stateName, grainId),
            ETag.Parse(grainState.ETag),
            Payload(stateName, grainId, options.GrainStorageSerializer.Serialize(grainState.State).ToMemory()));
        var version = await Store.WriteAsync(request, cancellationToken);
        grainState.ETag = ETag.Format(version);
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ClearStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var request = WriteRequest.Delete(Key(stateName, grainId), ETag.Parse(grainState.ETag));
        await Store.WriteAsync(request, cancellationToken);
        Reset(grainState);
    }

    /// <summary>Also without a clean stop: a silo that failed to start must not keep the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_store is null || Interlocked.Exchange(ref _closed, 1) != 0)
            return;

        await _store.DisposeAsync().ConfigureAwait(false);
        LogClosed(name);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static StorageKey Key(string stateName, GrainId grainId) => new(stateName, grainId.ToString());

    private void Open()
    {
        var directory = options.OpenDirectory ?? DataDirectory.Open(options.Directory!);
        try
        {
            directory.ThrowIfClosed();
            _store = new SqliteStore(
                directory,
                new SqliteGroupTarget(directory, options.BusyTimeout),
                options,
                _health,
                instruments,
                _logger,
                time);
        }
        catch
        {
            directory.Dispose();
            throw;
        }

        LogOpened(name, directory.Path);
    }

    /// <summary>The bytes as an array, after a check of their number.</summary>
    /// <param name="name">What they are, within its grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="bytes">Not changed again by whatever made them, so an array that is just that is not
    /// copied.</param>
    /// <exception cref="InvalidOperationException">There are more than the options allow.</exception>
    public byte[] Payload(string name, GrainId grainId, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > options.MaxStateBytes)
        {
            throw new InvalidOperationException(
                $"The state {name} of grain {grainId} has {bytes.Length} bytes, above the storage's limit of "
                    + $"{options.MaxStateBytes}.");
        }

        var isWhole = MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Count == segment.Array!.Length;
        return isWhole ? segment.Array! : bytes.ToArray();
    }

    private void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = CreateState<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private T CreateState<T>() => activators.GetActivator<T>().Create();
}
