using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="PartStanding"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class PartStandingConverter : IConverter<PartStanding, PartStandingSurrogate>
{
    /// <inheritdoc/>
    public PartStanding ConvertFromSurrogate(in PartStandingSurrogate surrogate) => new(
        surrogate.Part,
        surrogate.Life,
        surrogate.Progress,
        surrogate.Messages,
        [.. surrogate.Told],
        [.. surrogate.Heard],
        surrogate.Failure,
        surrogate.Violation,
        surrogate.First)
    {
        Bytes = surrogate.Bytes,
        Balance = new(surrogate.BalanceHigh, surrogate.BalanceLow),
        Unknown = surrogate.Unknown,
    };

    /// <inheritdoc/>
    public PartStandingSurrogate ConvertToSurrogate(in PartStanding value) => new()
    {
        Part = value.Part,
        Life = value.Life,
        Progress = value.Progress,
        Messages = value.Messages,
        Told = [.. value.Told],
        Heard = [.. value.Heard],
        Failure = value.Failure,
        Violation = value.Violation,
        First = value.First,
        Bytes = value.Bytes,
        BalanceHigh = (ulong)(value.Balance >> 64),
        BalanceLow = unchecked((ulong)value.Balance),
        Unknown = value.Unknown,
    };
}
