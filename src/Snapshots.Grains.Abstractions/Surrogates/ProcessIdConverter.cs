using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Converts <see cref="ProcessId"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class ProcessIdConverter : IConverter<ProcessId, ProcessIdSurrogate>
{
    /// <inheritdoc/>
    public ProcessId ConvertFromSurrogate(in ProcessIdSurrogate surrogate) => surrogate.Value is { Length: > 0 } ? new(surrogate.Value) : default;

    /// <inheritdoc/>
    public ProcessIdSurrogate ConvertToSurrogate(in ProcessId value) => new() { Value = value.Value };
}
