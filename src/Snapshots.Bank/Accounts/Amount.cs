using System.Globalization;
using Orleans.Serialization.Cloning;

namespace Snapshots.Bank;

/// <summary>An amount of money in whole minor units: 1 … <see cref="BankLimits.MaxAmount"/>, both included.</summary>
/// <remarks>
/// <c>default</c> has the value 0 and is not an amount; every method that takes an amount refuses it.
/// </remarks>
public readonly record struct Amount : IComparable<Amount>
{
    /// <summary>Makes the amount.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is below 1 or above <see cref="BankLimits.MaxAmount"/>.
    /// </exception>
    public Amount(long value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, BankLimits.MaxAmount);
        Value = value;
    }

    /// <summary>Minor units; 0 for <c>default</c>.</summary>
    public long Value { get; }

    /// <summary>Smaller first.</summary>
    public int CompareTo(Amount other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Amount left, Amount right) => left.Value < right.Value;

    /// <summary>Whether the left amount is smaller or the same.</summary>
    public static bool operator <=(Amount left, Amount right) => left.Value <= right.Value;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Amount left, Amount right) => left.Value > right.Value;

    /// <summary>Whether the left amount is larger or the same.</summary>
    public static bool operator >=(Amount left, Amount right) => left.Value >= right.Value;

    /// <summary>The minor units in decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the amount unless it is <c>default</c>.</summary>
    internal static Amount Require(Amount amount, string parameterName) =>
        amount.Value != 0 ? amount : throw new ArgumentException("an amount is at least 1", parameterName);
}

/// <summary>The wire form of <see cref="Amount"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.bank.amount-surrogate")]
internal struct AmountSurrogate
{
    [Id(0)]
    public long Value;
}

/// <summary>An <see cref="Amount"/> is immutable: a call within a silo hands it over as it is.</summary>
[RegisterCopier]
internal sealed class AmountCopier : ShallowCopier<Amount>;

/// <summary>
/// Converts <see cref="Amount"/> to its wire form and back; reading checks the bounds, <c>default</c> stays
/// <c>default</c>.
/// </summary>
[RegisterConverter]
internal sealed class AmountConverter : IConverter<Amount, AmountSurrogate>
{
    public Amount ConvertFromSurrogate(in AmountSurrogate surrogate) =>
        surrogate.Value == 0 ? default : new Amount(surrogate.Value);

    public AmountSurrogate ConvertToSurrogate(in Amount value) => new() { Value = value.Value };
}
