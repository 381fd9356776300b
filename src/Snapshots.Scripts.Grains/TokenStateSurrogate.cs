namespace Snapshots.Scripts.Grains;

/// <summary>The wire and stored form of <see cref="TokenState"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.simulation.token-state")]
internal struct TokenStateSurrogate
{
    /// <summary>The colours held, in ordinal order.</summary>
    [Id(0)]
    public string[] Colours;

    /// <summary>How many of each.</summary>
    [Id(1)]
    public long[] Amounts;

    /// <summary>Tokens issued at the start.</summary>
    [Id(2)]
    public long Issued;
}
