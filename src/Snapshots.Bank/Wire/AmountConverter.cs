namespace Snapshots.Bank;

/// <summary>
/// Between <see cref="Amount"/> and its wire form; reading checks the bounds, <c>default</c> stays <c>default</c>.
/// </summary>
[RegisterConverter]
internal sealed class AmountConverter : IConverter<Amount, AmountSurrogate>
{
    public Amount ConvertFromSurrogate(in AmountSurrogate surrogate) =>
        surrogate.Value == 0 ? default : new Amount(surrogate.Value);

    public AmountSurrogate ConvertToSurrogate(in Amount value) => new() { Value = value.Value };
}
