using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="RestSums"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.rest-sums")]
internal struct RestSumsSurrogate
{
    /// <summary>See <see cref="RestSums.Processes"/>.</summary>
    [Id(0)]
    public int Processes;

    /// <summary>See <see cref="RestSums.Channels"/>.</summary>
    [Id(1)]
    public int Channels;

    /// <summary>The upper half of <see cref="RestSums.Balance"/>.</summary>
    [Id(2)]
    public ulong High;

    /// <summary>The lower half of <see cref="RestSums.Balance"/>.</summary>
    [Id(3)]
    public ulong Low;
}

/// <summary>Converts <see cref="RestSums"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class RestSumsConverter : IConverter<RestSums, RestSumsSurrogate>
{
    /// <inheritdoc/>
    public RestSums ConvertFromSurrogate(in RestSumsSurrogate surrogate) =>
        new(surrogate.Processes, surrogate.Channels, new(surrogate.High, surrogate.Low));

    /// <inheritdoc/>
    public RestSumsSurrogate ConvertToSurrogate(in RestSums value) => new()
    {
        Processes = value.Processes,
        Channels = value.Channels,
        High = (ulong)(value.Balance >> 64),
        Low = unchecked((ulong)value.Balance),
    };
}
