using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="CountPage"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class CountPageConverter : IConverter<CountPage, CountPageSurrogate>
{
    /// <inheritdoc/>
    public CountPage ConvertFromSurrogate(in CountPageSurrogate surrogate) => new(
        surrogate.From,
        surrogate.Life,
        surrogate.Offset,
        CountsOf(surrogate),
        surrogate.Total);

    /// <inheritdoc/>
    public CountPageSurrogate ConvertToSurrogate(in CountPage value) => new()
    {
        From = value.From,
        Life = value.Life,
        Offset = value.Offset,
        Sources = [.. value.Counts.Select(count => count.Channel.Source.Value)],
        Targets = [.. value.Counts.Select(count => count.Channel.Target.Value)],
        AtTarget = [.. value.Counts.Select(count => count.End == ChannelEnd.Target)],
        Counts = [.. value.Counts.Select(count => count.Count.Value)],
        Total = value.Total,
    };

    private static ImmutableArray<EndCount> CountsOf(CountPageSurrogate surrogate) =>
        [.. surrogate.Counts.Select((count, index) => new EndCount(
            new(new(surrogate.Sources[index]), new(surrogate.Targets[index])),
            surrogate.AtTarget[index] ? ChannelEnd.Target : ChannelEnd.Source,
            new(count)))];
}
