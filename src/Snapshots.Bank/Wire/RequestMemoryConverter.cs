namespace Snapshots.Bank;

/// <summary>
/// Between <see cref="RequestMemory"/> and its stored form. Writing copies nothing: the chunks are bytes already.
/// </summary>
[RegisterConverter]
internal sealed class RequestMemoryConverter : IConverter<RequestMemory, RequestMemorySurrogate>
{
    public RequestMemory ConvertFromSurrogate(in RequestMemorySurrogate surrogate) =>
        RequestMemory.Read(surrogate.HorizonMs, surrogate.Chunks, surrogate.ForgottenKeys);

    public RequestMemorySurrogate ConvertToSurrogate(in RequestMemory value)
    {
        var (horizonMs, chunks, forgotten) = value.Write();
        return new() { HorizonMs = horizonMs, Chunks = chunks, ForgottenKeys = forgotten };
    }
}
