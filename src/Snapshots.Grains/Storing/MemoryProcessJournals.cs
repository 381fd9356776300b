using System.Collections.Concurrent;
using Orleans.Storage;

namespace Snapshots.Grains;

/// <summary>
/// Journals in memory, for tests and benchmarks: what was written is gone with this object. Register it as the
/// <see cref="IProcessJournals"/> of the snapshots' storage, and share it between silos that share a storage.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class MemoryProcessJournals : IProcessJournals
{
    private readonly ConcurrentDictionary<GrainId, Stored> _journals = new();

    /// <inheritdoc/>
    public IProcessJournal Open(GrainId process) => _journals.GetOrAdd(process, static process => new Stored(process));

    private sealed class Stored(GrainId process) : IProcessJournal
    {
        private readonly Lock _lock = new();
        private readonly List<StoredEntry> _entries = [];
        private StoredEntry? _checkpoint;
        private long _tip;

        public bool TakesEntries => true;

        public Task<StoredJournal> ReadAsync()
        {
            lock (_lock) return Task.FromResult(new StoredJournal(_checkpoint, [.. _entries], _tip));
        }

        public Task AppendAsync(long number, ReadOnlyMemory<byte> entry)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 2);
            return Write(number, () => _entries.Add(new(number, entry)));
        }

        public Task ReplaceAsync(long number, ReadOnlyMemory<byte> checkpoint)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
            return Write(number, () =>
            {
                _checkpoint = new(number, checkpoint);
                _entries.Clear();
            });
        }

        public Task<long> ReadTipAsync()
        {
            lock (_lock) return Task.FromResult(_tip);
        }

        private Task Write(long number, Action write)
        {
            lock (_lock)
            {
                if (_tip != number - 1) return Task.FromException(JournalConflict.Of(process, _tip, number));
                write();
                _tip = number;
            }

            return Task.CompletedTask;
        }
    }
}

/// <summary>The refusal of a write whose number does not follow the tip.</summary>
internal static class JournalConflict
{
    public static InconsistentStateException Of(GrainId process, long tip, long number) => new(
        $"The journal of {process} ends with {tip}, but the writer knows {number - 1}.", $"{tip}", $"{number - 1}");
}
