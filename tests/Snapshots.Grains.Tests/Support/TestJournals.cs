using System.Collections.Concurrent;
using Orleans.Storage;

namespace Snapshots.Grains.Tests;

/// <summary>
/// Journals that all silos share and that outlive each of them. Faults and barriers are ordered from the cluster's
/// <see cref="TestStorage"/>, under the name <see cref="Name"/>. A silo that is cut off from that storage reaches no
/// journal either.
/// </summary>
internal sealed class TestJournals(TestStorage storage)
{
    /// <summary>The name of each write of a process, checkpoint or entry.</summary>
    public const string Name = "process";

    private readonly MemoryProcessJournals _journals = new();
    private readonly ConcurrentDictionary<GrainId, int> _refusals = new();

    private TestStorage Storage => storage;

    /// <summary>How many writes of that process were refused, since another activation had written.</summary>
    public int RefusalsOf(GrainId process) => _refusals.GetValueOrDefault(process);

    /// <summary>The journals as the silo of that storage sees them.</summary>
    public IProcessJournals For(IGrainStorage silo) => new View(this, silo);

    /// <summary>Opens a journal as another activation would, whose writes meet no faults.</summary>
    public ProcessJournal Open(GrainId process) => new(_journals.Open(process), process);

    /// <summary>Stores a checkpoint that no process has written.</summary>
    public async Task DamageAsync(GrainId process)
    {
        var journal = _journals.Open(process);
        await journal.ReplaceAsync(await journal.ReadTipAsync() + 1, new byte[] { 99 });
    }

    private sealed class View(TestJournals shared, IGrainStorage silo) : IProcessJournals
    {
        public IProcessJournal Open(GrainId process) => new Journal(shared, silo, process);
    }

    private sealed class Journal(TestJournals shared, IGrainStorage silo, GrainId process) : IProcessJournal
    {
        private readonly IProcessJournal _inner = shared._journals.Open(process);

        public bool TakesEntries => true;

        public async Task<StoredJournal> ReadAsync()
        {
            await TestStorage.PassCutAsync(silo);
            shared.Storage.NoteRead(process);
            return await _inner.ReadAsync();
        }

        public Task AppendAsync(long number, ReadOnlyMemory<byte> entry) =>
            WriteAsync(entry, () => _inner.AppendAsync(number, entry));

        public Task ReplaceAsync(long number, ReadOnlyMemory<byte> checkpoint) =>
            WriteAsync(checkpoint, () => _inner.ReplaceAsync(number, checkpoint));

        public async Task<long> ReadTipAsync()
        {
            await TestStorage.PassCutAsync(silo);
            return await _inner.ReadTipAsync();
        }

        private async Task WriteAsync(ReadOnlyMemory<byte> content, Func<Task> writeAsync)
        {
            var fault = await shared.Storage.PassAsync(Name, process);
            await Task.Yield();
            await TestStorage.PassCutAsync(silo);
            try
            {
                await writeAsync();
            }
            catch (InconsistentStateException)
            {
                shared._refusals.AddOrUpdate(process, 1, static (_, count) => count + 1);
                throw;
            }

            shared.Storage.NoteWrite(Name, process, new StoredRow { Content = content.ToArray() });
            if (fault == FaultKind.After) throw new IOException("the storage took it and says nothing");
        }
    }
}
