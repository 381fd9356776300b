using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Storage;

namespace Snapshots.Grains;

/// <summary>
/// The grain storage of <see cref="SnapshotsOptions.StorageName"/>, given bytes. Providers bring serializers of their
/// own, and those that know only public properties lose what the stored types are made of. A <see cref="StoredRow"/> is
/// bytes already.
/// </summary>
internal sealed class SnapshotStorage(IServiceProvider services, IOptions<SnapshotsOptions> options, Serializer serializer) : IGrainStorage
{
    private readonly IGrainStorage _provider = services.GetRequiredKeyedService<IGrainStorage>(options.Value.StorageName);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = RowOf(grainState, []);
        await _provider.ReadStateAsync(stateName, grainId, row);
        grainState.State = row is { RecordExists: true, State.Content: { Length: > 0 } content }
            ? row.State is T itself ? itself : serializer.Deserialize<T>(content)!
            : Activator.CreateInstance<T>();
        Take(grainState, row);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = RowOf(grainState, grainState.State is StoredRow itself ? itself.Content : serializer.SerializeToArray(grainState.State));
        await _provider.WriteStateAsync(stateName, grainId, row);
        Take(grainState, row);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = RowOf(grainState, []);
        await _provider.ClearStateAsync(stateName, grainId, row);
        grainState.State = Activator.CreateInstance<T>();
        Take(grainState, row);
    }

    private static GrainState<StoredRow> RowOf<T>(IGrainState<T> state, byte[] content) =>
        new(new StoredRow { Content = content }) { ETag = state.ETag, RecordExists = state.RecordExists };

    private static void Take<T>(IGrainState<T> state, GrainState<StoredRow> row) => (state.ETag, state.RecordExists) = (row.ETag, row.RecordExists);
}
