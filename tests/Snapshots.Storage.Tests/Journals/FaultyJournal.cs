using Snapshots.Grains;

namespace Snapshots.Storage.Tests;

/// <summary>What becomes of the next write of a <see cref="FaultyJournal"/>.</summary>
internal enum WriteFate
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It fails and never takes effect.</summary>
    Lost,

    /// <summary>It takes effect, and then its answer is lost.</summary>
    Unanswered,

    /// <summary>It fails, and takes effect when the test says so.</summary>
    Late,
}

/// <summary>A real journal whose next write meets a fault.</summary>
internal sealed class FaultyJournal(IProcessJournal inner) : IProcessJournal
{
    private Func<Task>? _late;

    public WriteFate NextWrite { get; set; }

    public bool TakesEntries => inner.TakesEntries;

    public Task<StoredJournal> ReadAsync() => inner.ReadAsync();

    public Task<long> ReadTipAsync() => inner.ReadTipAsync();

    public Task AppendAsync(long number, ReadOnlyMemory<byte> entry) =>
        WriteAsync(() => inner.AppendAsync(number, entry));

    public Task ReplaceAsync(long number, ReadOnlyMemory<byte> checkpoint) =>
        WriteAsync(() => inner.ReplaceAsync(number, checkpoint));

    /// <summary>Lets the late write reach the storage.</summary>
    public Task ArriveAsync() => _late!();

    private async Task WriteAsync(Func<Task> write)
    {
        var fate = NextWrite;
        NextWrite = WriteFate.Done;
        if (fate == WriteFate.Late) _late = write;
        if (fate is WriteFate.Done or WriteFate.Unanswered) await write();
        if (fate != WriteFate.Done) throw new IOException("no answer");
    }
}
