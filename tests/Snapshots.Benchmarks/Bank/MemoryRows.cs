using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Storage;

namespace Snapshots.Benchmarks;

/// <summary>
/// A grain storage that keeps states as they are, in memory, and checks etags. It costs next to nothing, which shows
/// what is left: Orleans's own memory storage asks another grain for each write and copies the state, and is slower
/// here than SQLite.
/// </summary>
internal sealed class MemoryRows : IGrainStorage
{
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), (object? State, string ETag)> _rows = new();
    private long _lastETag;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var exists = _rows.TryGetValue((stateName, grainId), out var row);
        grainState.State = exists ? (T)row.State! : Activator.CreateInstance<T>();
        (grainState.ETag, grainState.RecordExists) = (row.ETag, exists);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var written = (State: (object?)grainState.State, ETag: Interlocked.Increment(ref _lastETag).ToString(CultureInfo.InvariantCulture));
        _rows.AddOrUpdate((stateName, grainId), written, (_, row) => row.ETag == grainState.ETag ? written : throw Conflict(row.ETag, grainState.ETag));
        (grainState.ETag, grainState.RecordExists) = (written.ETag, true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _rows.TryRemove((stateName, grainId), out _);
        grainState.State = Activator.CreateInstance<T>();
        (grainState.ETag, grainState.RecordExists) = (null, false);
        return Task.CompletedTask;
    }

    private static InconsistentStateException Conflict(string stored, string? expected) =>
        new("somebody else has written", stored, expected ?? "none");
}
