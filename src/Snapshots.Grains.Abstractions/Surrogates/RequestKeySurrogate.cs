using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="RequestKey"/>: a text, or the parts of a timed key.</summary>
[GenerateSerializer]
[Alias("snapshots.request-key")]
internal struct RequestKeySurrogate
{
    /// <summary>The text of a hand-made key.</summary>
    [Id(0)]
    public string? Value;

    /// <summary>The milliseconds since 1970 of a timed key.</summary>
    [Id(1)]
    public long? TimeMs;

    /// <summary>The random bits of a timed key.</summary>
    [Id(2)]
    public ulong Random;
}

/// <summary>
/// Converts <see cref="RequestKey"/> to its wire form and back; reading checks text and time, <c>default</c> stays
/// <c>default</c>.
/// </summary>
[RegisterConverter]
internal sealed class RequestKeyConverter : IConverter<RequestKey, RequestKeySurrogate>
{
    public RequestKey ConvertFromSurrogate(in RequestKeySurrogate surrogate)
    {
        if (surrogate.TimeMs is { } timeMs) return RequestKey.Create(timeMs, surrogate.Random);
        return string.IsNullOrEmpty(surrogate.Value) ? default : new RequestKey(surrogate.Value);
    }

    public RequestKeySurrogate ConvertToSurrogate(in RequestKey value)
    {
        if (value.TryGetParts(out var timeMs, out var random)) return new() { TimeMs = timeMs, Random = random };
        return new() { Value = value == default ? null : value.Value };
    }
}
