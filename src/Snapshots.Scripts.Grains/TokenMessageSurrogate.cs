namespace Snapshots.Scripts.Grains;

/// <summary>The wire and stored form of <see cref="TokenMessage"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.simulation.token-message")]
internal struct TokenMessageSurrogate
{
    /// <summary>The colour.</summary>
    [Id(0)]
    public string Colour;

    /// <summary>How many.</summary>
    [Id(1)]
    public long Amount;
}
