using System.Globalization;
using Orleans.Serialization;
using Orleans.Storage;

namespace Snapshots.Grains.Tests;

/// <summary>
/// A storage that all silos share and that outlives each of them, with etags, and with faults and barriers on order. It
/// keeps what a
/// <see cref="StoredRow"/> holds, so that tests read and write the states themselves.
/// </summary>
internal sealed class TestStorage
{
    private readonly Dictionary<(string Name, GrainId Grain), (byte[] Payload, string ETag)> _rows = [];
    private readonly List<(StorageRule Rule, bool Held)> _rules = [];
    private readonly List<(string Name, GrainId Grain, object State)> _log = [];
    private readonly List<GrainId> _reads = [];
    private readonly Lock _lock = new();
    private long _lastVersion;

    /// <summary>
    /// The next write or deletion of such a row fails, or the one after <paramref name="skip"/> others.
    /// </summary>
    public StorageRule Fail(string name, Func<GrainId, bool> of, FaultKind fault, int skip = 0) => Add(new StorageRule(name, of, skip, fault), held: false);

    /// <summary>The next write of such a row waits until it is released.</summary>
    public StorageRule Hold(string name, Func<GrainId, bool> of, FaultKind? fault = null, int skip = 0) =>
        Add(new StorageRule(name, of, skip, fault), held: true);

    /// <summary>What was written, and took effect, under that name.</summary>
    public IReadOnlyList<T> Written<T>(string name, Func<GrainId, bool> of)
    {
        lock (_lock)
        {
            return [.. _log.Where(entry => entry.Name == name && of(entry.Grain)).Select(entry =>
                entry.State switch
            {
                T state => state,
                StoredRow row => Given.Serializer.Deserialize<T>(Open(name, entry.Grain, row.Content))!,
                _ => throw new InvalidCastException($"{name} is a {entry.State.GetType().Name}"),
            })];
        }
    }

    /// <summary>What is stored now in a row, or none.</summary>
    public T? Stored<T>(string name, GrainId grain, Serializer serializer)
        where T : class
    {
        lock (_lock) return _rows.TryGetValue((name, grain), out var row) ? serializer.Deserialize<T>(Open(name, grain, row.Payload)) : null;
    }

    /// <summary>How many rows of such grains have been read so far.</summary>
    public int Reads(Func<GrainId, bool> of)
    {
        lock (_lock) return _reads.Count(of);
    }

    /// <summary>The names of the rows that begin so, of any grain.</summary>
    public IReadOnlyList<string> Names(string start)
    {
        lock (_lock) return [.. _rows.Keys.Select(key => key.Name).Where(name => name.StartsWith(start, StringComparison.Ordinal))];
    }

    public int Rows(Func<GrainId, bool> of)
    {
        lock (_lock) return _rows.Keys.Count(key => of(key.Grain));
    }

    /// <summary>Writes a row as another activation would.</summary>
    public void Put(string name, GrainId grain, Serializer serializer, object state)
    {
        lock (_lock) _rows[(name, grain)] = (
            state is StoredRow row ? row.Content : new JournalSeal(grain, name).Seal(JournalKind.Row, 0, serializer.SerializeToArray(state)),
            NextETag());
    }

    /// <summary>Changes one bit of the last byte of a row, as a disk would: its etag stays.</summary>
    public void FlipBit(string name, GrainId grain)
    {
        lock (_lock)
        {
            var (payload, etag) = _rows[(name, grain)];
            payload = [.. payload];
            payload[^1] ^= 1;
            _rows[(name, grain)] = (payload, etag);
        }
    }

    public void Remove(string name, GrainId grain)
    {
        lock (_lock) _rows.Remove((name, grain));
    }

    public IGrainStorage For(Serializer serializer) => new View(this, serializer);

    /// <summary>
    /// Lets nothing through that a silo asks of this storage from now on, as if the silo had lost its power.
    /// </summary>
    public static void Cut(IGrainStorage storage) => ((View)storage).IsCut = true;

    /// <summary>Completes at once, or never if the silo of that storage is cut off.</summary>
    public static Task PassCutAsync(IGrainStorage storage) => ((View)storage).PassCutAsync();

    public void NoteRead(GrainId grain)
    {
        lock (_lock) _reads.Add(grain);
    }

    public void NoteWrite(string name, GrainId grain, object state)
    {
        lock (_lock) _log.Add((name, grain, state));
    }

    /// <summary>Puts the content of a row in the place of another one.</summary>
    public void Copy(string from, string to, GrainId grain)
    {
        lock (_lock) _rows[(to, grain)] = (_rows[(from, grain)].Payload, _rows[(to, grain)].ETag);
    }

    /// <summary>How many writes of such rows took effect.</summary>
    public int Writes(string name)
    {
        lock (_lock) return _log.Count(entry => entry.Name == name);
    }

    private static ReadOnlyMemory<byte> Open(string name, GrainId grain, byte[] content) =>
        new JournalSeal(grain, name).Open(JournalKind.Row, new(0, content));

    private StorageRule Add(StorageRule rule, bool held)
    {
        lock (_lock) _rules.Add((rule, held));
        return rule;
    }

    private string NextETag() => (++_lastVersion).ToString(CultureInfo.InvariantCulture);

    /// <summary>Waits and fails as a rule for that write says; returns a fault that is to follow the write.</summary>
    public async Task<FaultKind?> PassAsync(string name, GrainId grain)
    {
        (StorageRule Rule, bool Held) taken;
        lock (_lock)
        {
            taken = _rules.FirstOrDefault(entry => entry.Rule.TryTake(name, grain));
            if (taken.Rule is null) return null;
            _rules.Remove(taken);
        }

        await taken.Rule.HoldAsync(taken.Held);
        if (taken.Rule.Fault == FaultKind.Before) throw new IOException("the storage is out of order");
        if (taken.Rule.Fault == FaultKind.Conflict) throw new InconsistentStateException("another one has written");
        return taken.Rule.Fault;
    }

    private sealed class View(TestStorage shared, Serializer serializer) : IGrainStorage
    {
        private static readonly Task Never = new TaskCompletionSource().Task;

        public volatile bool IsCut;

        public Task PassCutAsync() => IsCut ? Never : Task.CompletedTask;

        public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            await PassCutAsync();
            lock (shared._lock)
            {
                shared._reads.Add(grainId);
                var exists = shared._rows.TryGetValue((stateName, grainId), out var row);
                grainState.State = !exists ? Activator.CreateInstance<T>()
                    : typeof(T) == typeof(StoredRow) ? (T)(object)new StoredRow { Content = row.Payload }
                    : serializer.Deserialize<T>(row.Payload)!;
                grainState.ETag = exists ? row.ETag : null;
                grainState.RecordExists = exists;
            }
        }

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var payload = grainState.State is StoredRow content ? content.Content : serializer.SerializeToArray(grainState.State);
            var fault = await shared.PassAsync(stateName, grainId);
            await Task.Yield();
            await PassCutAsync();
            lock (shared._lock)
            {
                Check(stateName, grainId, grainState);
                grainState.ETag = shared.NextETag();
                shared._rows[(stateName, grainId)] = (payload, grainState.ETag);
                shared._log.Add((stateName, grainId, grainState.State!));
                grainState.RecordExists = true;
            }

            if (fault == FaultKind.After) throw new IOException("the storage took it and says nothing");
        }

        public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            await PassCutAsync();
            var fault = await shared.PassAsync(stateName, grainId);
            lock (shared._lock)
            {
                Check(stateName, grainId, grainState);
                shared._rows.Remove((stateName, grainId));
                grainState.ETag = null;
                grainState.RecordExists = false;
            }

            if (fault == FaultKind.After) throw new IOException("the storage took it and says nothing");
        }

        private void Check<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var stored = shared._rows.TryGetValue((stateName, grainId), out var row) ? row.ETag : null;
            if (stored != grainState.ETag)
            {
                throw new InconsistentStateException($"{stateName} {grainId}", stored ?? "none", grainState.ETag ?? "none");
            }
        }
    }
}
