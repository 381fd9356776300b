using Snapshots.Grains;

namespace Snapshots.Storage.Tests;

public sealed class MemoryJournalTests : JournalTests
{
    private readonly Dictionary<(GrainId Process, long Number), byte[]> _changes = [];

    internal override Task<IProcessJournals> StartAsync() =>
        Task.FromResult<IProcessJournals>(new Changed(new MemoryProcessJournals(), _changes));

    private protected override Task StopAsync() => Task.CompletedTask;

    private protected override Task ChangeAsync(GrainId process, long number, byte[] content)
    {
        _changes[(process, number)] = content;
        return Task.CompletedTask;
    }

    /// <summary>Reads checkpoints with the test's changes.</summary>
    private sealed class Changed(
        IProcessJournals inner, Dictionary<(GrainId Process, long Number), byte[]> changes) : IProcessJournals
    {
        public IProcessJournal Open(GrainId process) => new Journal(inner.Open(process), process, changes);

        private sealed class Journal(
            IProcessJournal inner,
            GrainId process,
            Dictionary<(GrainId Process, long Number), byte[]> changes) : IProcessJournal
        {
            public bool TakesEntries => inner.TakesEntries;

            public async Task<StoredJournal> ReadAsync()
            {
                var stored = await inner.ReadAsync();
                return stored.Checkpoint is { } checkpoint
                    && changes.TryGetValue((process, checkpoint.Number), out var content)
                    ? stored with { Checkpoint = checkpoint with { Content = content } }
                    : stored;
            }

            public Task AppendAsync(long number, ReadOnlyMemory<byte> entry) => inner.AppendAsync(number, entry);

            public Task ReplaceAsync(long number, ReadOnlyMemory<byte> checkpoint) =>
                inner.ReplaceAsync(number, checkpoint);

            public Task<long> ReadTipAsync() => inner.ReadTipAsync();
        }
    }
}
