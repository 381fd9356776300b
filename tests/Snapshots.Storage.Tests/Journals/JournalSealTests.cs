using System.Text;
using Snapshots.Grains;

namespace Snapshots.Storage.Tests;

public sealed class JournalSealTests
{
    private static readonly GrainId Alice = GrainId.Create("account", "alice");

    [Theory]
    [InlineData(1, 1, "", "01010100000000000000784F2A4F42767983")]
    [InlineData(1, 1, "hello", "0101010000000000000068656C6C6F8893EBA65EB0C078")]
    [InlineData(2, 0x0102030405060708, "hello", "0102080706050403020168656C6C6FDE6A382B37136170")]
    public void The_sealed_form_has_its_golden_bytes(byte kind, long number, string content, string golden)
    {
        var bytes = new JournalSeal(Alice).Seal((JournalKind)kind, number, Encoding.UTF8.GetBytes(content));
        Assert.Equal(golden, Convert.ToHexString(bytes));
        var stored = new StoredEntry(number, Convert.FromHexString(golden));
        var opened = new JournalSeal(Alice).Open((JournalKind)kind, stored);
        Assert.Equal(content, Encoding.UTF8.GetString(opened.Span));
    }

    [Fact]
    public void A_checkpoint_is_not_taken_for_an_entry()
    {
        var seal = new JournalSeal(Alice);
        var stored = new StoredEntry(7, seal.Seal(JournalKind.Checkpoint, 7, [1]));
        Assert.Throws<DamagedStateException>(() => seal.Open(JournalKind.Entry, stored));
        Assert.Equal([1], seal.Open(JournalKind.Checkpoint, stored).ToArray());
    }

    [Fact]
    public async Task What_does_not_fit_together_is_damage()
    {
        await AssertDamagedAsync(
            new(Sealed(1), [Sealed(1, JournalKind.Entry)], null), "entry 1 does not belong after number 1");
        await AssertDamagedAsync(
            new(Sealed(5), [Sealed(4, JournalKind.Entry)], null), "entry 4 does not belong after number 5");
        await AssertDamagedAsync(new(Sealed(1), [Sealed(3, JournalKind.Entry)], 3), "entry 2 is missing");
        await AssertDamagedAsync(new(null, [Sealed(3, JournalKind.Entry)], 3), "it has entry 3 but no checkpoint");
        await AssertDamagedAsync(new(Sealed(4), [], 5), "entry 5 is missing");
        await AssertDamagedAsync(new(Sealed(4), [], 3), "number 4 is stored, but the last write was 3");
        await AssertDamagedAsync(new(null, [], 3), "3 writes were stored, and nothing is left of them");
    }

    private static StoredEntry Sealed(long number, JournalKind kind = JournalKind.Checkpoint) =>
        new(number, new JournalSeal(Alice).Seal(kind, number, [1, 2, 3]));

    private static async Task AssertDamagedAsync(StoredJournal stored, string damage)
    {
        var journal = new ProcessJournal(new Given(stored), Alice);
        var exception = await Assert.ThrowsAsync<DamagedStateException>(journal.ReadAsync);
        Assert.Equal($"The stored state of account/alice is damaged: {damage}.", exception.Message);
    }

    private sealed class Given(StoredJournal stored) : IProcessJournal
    {
        public bool TakesEntries => true;

        public Task<StoredJournal> ReadAsync() => Task.FromResult(stored);

        public Task AppendAsync(long number, ReadOnlyMemory<byte> entry) => throw new NotSupportedException();

        public Task ReplaceAsync(long number, ReadOnlyMemory<byte> checkpoint) => throw new NotSupportedException();

        public Task<long> ReadTipAsync() => Task.FromResult(0L);
    }
}
