using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Serialization;
using Orleans.Storage;

namespace Snapshots.Bank.Grains.Tests;

/// <summary>
/// A storage that all silos of a test cluster share and that outlives each of them, with etags, and with faults on
/// order.
/// </summary>
internal sealed class SharedStorage
{
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), Row> _rows = new();
    private readonly Lock _lock = new();
    private long _lastVersion;

    /// <summary>Called before a write takes effect; may throw, or wait.</summary>
    public Func<string, GrainId, Task> BeforeWrite { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called after a write took effect; may throw.</summary>
    public Func<string, GrainId, Task> AfterWrite { get; set; } = (_, _) => Task.CompletedTask;

    public IGrainStorage For(Serializer serializer) => new View(this, serializer);

    /// <summary>Refuses every further operation of this storage, as if its machine had lost power.</summary>
    public static void Cut(IGrainStorage storage) => ((View)storage).IsCut = true;

    private sealed record Row(byte[] Payload, string ETag);

    private sealed class View(SharedStorage shared, Serializer serializer) : IGrainStorage
    {
        private static readonly Task Never = new TaskCompletionSource().Task;

        public volatile bool IsCut;

        public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (IsCut) await Never;
            if (shared._rows.TryGetValue((stateName, grainId), out var row))
            {
                grainState.State = serializer.Deserialize<T>(row.Payload)!;
                grainState.ETag = row.ETag;
                grainState.RecordExists = true;
            }
            else
            {
                grainState.State = Activator.CreateInstance<T>();
                grainState.ETag = null;
                grainState.RecordExists = false;
            }
        }

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var payload = serializer.SerializeToArray(grainState.State);
            await shared.BeforeWrite(stateName, grainId);
            await Task.Yield();
            if (IsCut) await Never;
            lock (shared._lock)
            {
                Check(stateName, grainId, grainState);
                grainState.ETag = (++shared._lastVersion).ToString(CultureInfo.InvariantCulture);
                shared._rows[(stateName, grainId)] = new Row(payload, grainState.ETag);
                grainState.RecordExists = true;
            }

            await shared.AfterWrite(stateName, grainId);
        }

        public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (IsCut) await Never;
            lock (shared._lock)
            {
                Check(stateName, grainId, grainState);
                shared._rows.TryRemove((stateName, grainId), out _);
                grainState.ETag = null;
                grainState.RecordExists = false;
            }
        }

        private void Check<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var stored = shared._rows.GetValueOrDefault((stateName, grainId))?.ETag;
            if (stored != grainState.ETag)
            {
                throw new InconsistentStateException(
                    $"{stateName} {grainId}", stored ?? "none", grainState.ETag ?? "none");
            }
        }
    }
}
