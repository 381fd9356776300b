namespace Snapshots.Bank;

/// <summary>The stored form of <see cref="RequestMemory"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.request-memory-surrogate")]
internal struct RequestMemorySurrogate
{
    /// <summary>Milliseconds since 1970, or none.</summary>
    [Id(0)]
    public long? HorizonMs;

    /// <summary>See <see cref="RequestChunk"/>.</summary>
    [Id(1)]
    public byte[][] Chunks;

    /// <summary>See <see cref="Snapshots.Bank.ForgottenKeys"/>.</summary>
    [Id(2)]
    public byte[][] ForgottenKeys;
}
