using Orleans.Storage;

namespace Snapshots.Grains.Tests;

/// <summary>A storage in which something else happens before each row is read.</summary>
internal sealed class InterruptedStorage(IGrainStorage inner, Func<Task> beforeRead) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await beforeRead();
        await inner.ReadStateAsync(stateName, grainId, grainState);
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}
