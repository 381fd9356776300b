using System.Text;
using Snapshots.Grains;

namespace Snapshots.Storage.Tests;

/// <summary>A storage under test, and what its tests share.</summary>
public abstract class JournalTestBase : IAsyncLifetime
{
    internal static readonly GrainId Alice = GrainId.Create("account", "alice");
    internal static readonly GrainId Bob = GrainId.Create("account", "bob");

    private IProcessJournals _journals = null!;

    internal IProcessJournals Journals => _journals;

    public async ValueTask InitializeAsync() => _journals = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts an empty storage.</summary>
    internal abstract Task<IProcessJournals> StartAsync();

    private protected abstract Task StopAsync();

    /// <summary>Overwrites the content of a checkpoint or an entry behind the storage's back.</summary>
    private protected abstract Task ChangeAsync(GrainId process, long number, byte[] content);

    private protected ProcessJournal Open(GrainId? process = null) =>
        new(_journals.Open(process ?? Alice), process ?? Alice);

    /// <summary>A journal of Alice with these writes, the first a checkpoint.</summary>
    private protected async Task<ProcessJournal> WrittenAsync(params string[] writes)
    {
        var journal = Open();
        await journal.ReadAsync();
        foreach (var write in writes) await WriteAsync(journal, write, replaces: write == writes[0]);
        return journal;
    }

    /// <summary>No activation can read it, and none can write it.</summary>
    private protected async Task AssertDamagedAsync(string damage)
    {
        var journal = Open();
        var exception = await Assert.ThrowsAsync<DamagedStateException>(journal.ReadAsync);
        var start = $"The stored state of account/alice is damaged: {damage}";
        Assert.StartsWith(start, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        await AssertRefusesAllAsync(journal);
    }

    private protected static async Task AssertRefusesAllAsync(ProcessJournal journal)
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => journal.ReplaceAsync(Bytes("refused")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => journal.AppendAsync(Bytes("refused")));
        Assert.False(await journal.IsCurrentAsync());
    }

    /// <summary>Appends where entries are taken; elsewhere the checkpoint lists all that was written.</summary>
    private protected static async Task WriteAsync(ProcessJournal journal, string write, bool replaces = false)
    {
        if (journal.TakesEntries && !replaces) await journal.AppendAsync(Bytes(write));
        else await journal.ReplaceAsync(Bytes(write));
    }

    private protected async Task<(ProcessJournal Journal, FaultyJournal Faults)> FaultyAsync(params string[] writes)
    {
        await WrittenAsync(writes);
        var faults = new FaultyJournal(_journals.Open(Alice));
        var journal = new ProcessJournal(faults, Alice);
        await journal.ReadAsync();
        return (journal, faults);
    }

    private protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private protected string Expected(params string[] writes) =>
        _journals.Open(Alice).TakesEntries ? string.Join(' ', writes) : writes[^1];

    private protected string Expected(bool lastReplaces, params string[] writes) => lastReplaces ? writes[^1] : Expected(writes);

    /// <summary>What is stored, in the order in which it was written, with spaces between.</summary>
    private protected static async Task<string?> ReadAsync(ProcessJournal journal)
    {
        if (await journal.ReadAsync() is not { } content) return null;
        var parts = content.Entries.Prepend(content.Checkpoint);
        return string.Join(' ', parts.Select(bytes => Encoding.UTF8.GetString(bytes.Span)));
    }
}
