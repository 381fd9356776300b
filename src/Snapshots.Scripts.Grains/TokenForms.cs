using System.Collections.Immutable;

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

/// <summary>Converts <see cref="TokenState"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class TokenStateConverter : IConverter<TokenState, TokenStateSurrogate>
{
    /// <inheritdoc/>
    public TokenState ConvertFromSurrogate(in TokenStateSurrogate surrogate)
    {
        var amounts = surrogate.Amounts;
        return new TokenState(
            surrogate.Colours.Select((colour, index) => KeyValuePair.Create(colour, amounts[index]))
                .ToImmutableSortedDictionary(),
            surrogate.Issued);
    }

    /// <inheritdoc/>
    public TokenStateSurrogate ConvertToSurrogate(in TokenState value) => new()
    {
        Colours = [.. value.Held.Keys],
        Amounts = [.. value.Held.Values],
        Issued = value.Issued,
    };
}

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

/// <summary>Converts <see cref="TokenMessage"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class TokenMessageConverter : IConverter<TokenMessage, TokenMessageSurrogate>
{
    /// <inheritdoc/>
    public TokenMessage ConvertFromSurrogate(in TokenMessageSurrogate surrogate) =>
        new(surrogate.Colour, surrogate.Amount);

    /// <inheritdoc/>
    public TokenMessageSurrogate ConvertToSurrogate(in TokenMessage value) =>
        new() { Colour = value.Colour, Amount = value.Amount };
}
