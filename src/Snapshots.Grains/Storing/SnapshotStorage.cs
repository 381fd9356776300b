using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Storage;

namespace Snapshots.Grains;

/// <summary>
/// The grain storage of <see cref="SnapshotsOptions.StorageName"/>, given sealed bytes. Providers bring serializers of
/// their own, and those that know only public properties lose what the stored types are made of. A row that is not as
/// it was written is refused with its name: nothing damaged is taken for empty. A <see cref="StoredRow"/> is bytes
/// already, and sealed by its journal.
/// </summary>
internal sealed partial class SnapshotStorage(
    IServiceProvider services,
    IOptions<SnapshotsOptions> options,
    Serializer serializer,
    SnapshotsHealth health,
    SnapshotInstruments instruments,
    ILogger<SnapshotStorage> logger) : IGrainStorage
{
    private readonly IGrainStorage _provider = services.GetRequiredKeyedService<IGrainStorage>(options.Value.StorageName);

    /// <exception cref="DamagedStateException">The row was changed, or is another one's.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = RowOf(grainState, []);
        await _provider.ReadStateAsync(stateName, grainId, row);
        Take(grainState, row); // Also of a damaged one, which can be deleted.
        grainState.State = row is { RecordExists: true, State: { } stored }
            ? stored is T itself ? itself : Open<T>(stateName, grainId, stored.Content)
            : Activator.CreateInstance<T>();
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var content = grainState.State is StoredRow itself ? itself.Content : Seal(stateName, grainId, grainState.State);
        var row = RowOf(grainState, content);
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

    /// <summary>Made in pooled memory and copied once: rows of reports are large.</summary>
    private byte[] Seal<T>(string stateName, GrainId grainId, T state)
    {
        using var buffer = new ArrayPoolBufferWriter();
        serializer.Serialize(state, buffer);
        return new JournalSeal(grainId, stateName).Seal(JournalKind.Row, 0, buffer.Written);
    }

    private T Open<T>(string stateName, GrainId grainId, byte[] content)
    {
        var name = $"{grainId} {stateName}";
        try
        {
            var opened = new JournalSeal(grainId, stateName).Open(JournalKind.Row, new(0, content));
            health.IsNotDamaged(name);
            return serializer.Deserialize<T>(opened)!;
        }
        catch (DamagedStateException damage)
        {
            instruments.DamagedRows.Add(1);
            if (health.IsDamaged(name, damage.Message)) LogDamaged(logger, damage.Message);
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Damage} Nothing of it is overwritten.")]
    private static partial void LogDamaged(ILogger logger, string damage);
}
