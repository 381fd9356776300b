using Orleans.Storage;

namespace Snapshots.Grains;

/// <summary>One record of one grain in its storage, with the etag that guards it.</summary>
internal sealed class Row<T>(IGrainStorage storage, string name, GrainId grain)
    where T : class, new()
{
    private readonly GrainState<T> _state = new(new T());

    public bool Exists => _state.RecordExists;

    public string? ETag => _state.ETag;

    public T Value => _state.State ??= new T();

    public Task ReadAsync() => storage.ReadStateAsync(name, grain, _state);

    /// <exception cref="InconsistentStateException">Somebody else has written the row since it was read.</exception>
    public Task WriteAsync(T value)
    {
        _state.State = value;
        return storage.WriteStateAsync(name, grain, _state);
    }

    public Task ClearAsync() => storage.ClearStateAsync(name, grain, _state);
}
