using System.Collections.Immutable;

namespace Snapshots.Scripts.Grains;

/// <summary>Converts <see cref="TokenState"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class TokenStateConverter : IConverter<TokenState, TokenStateSurrogate>
{
    /// <inheritdoc/>
    public TokenState ConvertFromSurrogate(in TokenStateSurrogate surrogate)
    {
        var amounts = surrogate.Amounts;
        return new TokenState(
            surrogate.Colours.Select((colour, index) => KeyValuePair.Create(colour, amounts[index])).ToImmutableSortedDictionary(),
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
