using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="ProcessId"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.process-id")]
internal struct ProcessIdSurrogate
{
    /// <summary>The value; see <see cref="ProcessId.Value"/>.</summary>
    [Id(0)]
    public string Value;
}
