namespace Snapshots.Bank;

/// <summary>The wire form of <see cref="RequestKey"/>: a text, or the parts of a timed key.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.request-key-surrogate")]
internal struct RequestKeySurrogate
{
    /// <summary>The text of a hand-made key.</summary>
    [Id(0)]
    public string? Value;

    /// <summary>The milliseconds since 1970 of a timed key.</summary>
    [Id(1)]
    public long? TimeMs;

    /// <summary>The random bits of a timed key.</summary>
    [Id(2)]
    public ulong Random;
}
