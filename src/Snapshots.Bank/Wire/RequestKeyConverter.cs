namespace Snapshots.Bank;

/// <summary>
/// Between <see cref="RequestKey"/> and its wire form; reading checks the text, <c>default</c> stays <c>default</c>.
/// </summary>
[RegisterConverter]
internal sealed class RequestKeyConverter : IConverter<RequestKey, RequestKeySurrogate>
{
    public RequestKey ConvertFromSurrogate(in RequestKeySurrogate surrogate) =>
        string.IsNullOrEmpty(surrogate.Value) ? default : new RequestKey(surrogate.Value);

    public RequestKeySurrogate ConvertToSurrogate(in RequestKey value) =>
        new() { Value = value == default ? null : value.Value };
}
