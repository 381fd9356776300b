namespace Snapshots.Scripts.Grains;

/// <summary>Converts <see cref="TokenMessage"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class TokenMessageConverter : IConverter<TokenMessage, TokenMessageSurrogate>
{
    /// <inheritdoc/>
    public TokenMessage ConvertFromSurrogate(in TokenMessageSurrogate surrogate) => new(surrogate.Colour, surrogate.Amount);

    /// <inheritdoc/>
    public TokenMessageSurrogate ConvertToSurrogate(in TokenMessage value) => new() { Colour = value.Colour, Amount = value.Amount };
}
