using Orleans.Storage;

namespace Snapshots.Grains;

/// <summary>One record of one grain in its storage, with the etag that guards it.</summary>
/// <remarks>
/// <see cref="Value"/> is what is known to be kept. (1) A collector writes the end of its snapshot; (2) somebody asks
/// how it stands;
/// (3) the write fails. With the value set before the write, (2) shows an end that never was.
/// </remarks>
internal sealed class Row<T>(IGrainStorage storage, string name, GrainId grain)
    where T : class, new()
{
    private GrainState<T> _state = new(new T());

    public bool Exists => _state.RecordExists;

    public string? ETag => _state.ETag;

    public T Value => _state.State ??= new T();

    public Task ReadAsync() => storage.ReadStateAsync(name, grain, _state);

    /// <summary>Writes the row; nothing else is done with it meanwhile.</summary>
    /// <exception cref="InconsistentStateException">Somebody else has written the row since it was read.</exception>
    public async Task WriteAsync(T value)
    {
        var next = new GrainState<T>(value) { ETag = _state.ETag, RecordExists = _state.RecordExists };
        await storage.WriteStateAsync(name, grain, next);
        _state = next;
    }

    /// <summary>Whether the row is as it was read or written here; no write of it is under way.</summary>
    public async Task<bool> IsCurrentAsync()
    {
        var stored = new GrainState<T>(new T());
        await storage.ReadStateAsync(name, grain, stored);
        return stored.ETag == _state.ETag;
    }

    /// <summary>
    /// Reads the row and deletes it, if it exists. That it is damaged was told when it was read, and is no reason to keep it.
    /// </summary>
    public async Task ClearIfExistsAsync()
    {
        try
        {
            await ReadAsync();
        }
        catch (DamagedStateException)
        {
            // Its etag was read: that is all that a deletion needs.
        }

        if (Exists) await ClearAsync();
    }

    public Task ClearAsync() => storage.ClearStateAsync(name, grain, _state);
}
