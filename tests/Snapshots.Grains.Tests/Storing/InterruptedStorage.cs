using Orleans.Storage;

namespace Snapshots.Grains.Tests;

/// <summary>A storage in which something else happens before each row is read or written.</summary>
internal sealed class InterruptedStorage(IGrainStorage inner, Func<Task>? beforeRead = null, Action? beforeWrite = null) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (beforeRead is not null) await beforeRead();
        await inner.ReadStateAsync(stateName, grainId, grainState);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        beforeWrite?.Invoke();
        await inner.WriteStateAsync(stateName, grainId, grainState);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}
