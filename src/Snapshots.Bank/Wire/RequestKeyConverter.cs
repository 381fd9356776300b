namespace Snapshots.Bank;

/// <summary>
/// Between <see cref="RequestKey"/> and its wire form; reading checks text and time, <c>default</c> stays
/// <c>default</c>.
/// </summary>
[RegisterConverter]
internal sealed class RequestKeyConverter : IConverter<RequestKey, RequestKeySurrogate>
{
    public RequestKey ConvertFromSurrogate(in RequestKeySurrogate surrogate)
    {
        if (surrogate.TimeMs is { } timeMs) return RequestKey.FromParts(timeMs, surrogate.Random);
        return string.IsNullOrEmpty(surrogate.Value) ? default : new RequestKey(surrogate.Value);
    }

    public RequestKeySurrogate ConvertToSurrogate(in RequestKey value)
    {
        if (value.TryGetParts(out var timeMs, out var random)) return new() { TimeMs = timeMs, Random = random };
        return new() { Value = value == default ? null : value.Value };
    }
}
