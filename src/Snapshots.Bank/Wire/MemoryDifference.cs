namespace Snapshots.Bank;

/// <summary>The stored form of what changed between two memories of one account.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.memory-difference")]
internal struct MemoryDifference
{
    /// <summary>Milliseconds since 1970, or none.</summary>
    [Id(0)]
    public long? HorizonMs;

    /// <summary>
    /// For each chunk of the present memory the place in the base of the one that it is or has grown from; −1 for a new
    /// one.
    /// </summary>
    [Id(1)]
    public int[] Places;

    /// <summary>
    /// For each chunk of the present memory a chunk: of all its entries if it is new, of those that came if it has
    /// grown, none if it is the same.
    /// </summary>
    [Id(2)]
    public byte[]?[] Chunks;

    /// <summary>How many blocks of forgotten keys, from the first, are the same.</summary>
    [Id(3)]
    public int ForgottenShared;

    /// <summary>The other blocks of forgotten keys.</summary>
    [Id(4)]
    public byte[][] Forgotten;
}
