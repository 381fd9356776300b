using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="Epoch"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.epoch")]
internal struct EpochSurrogate
{
    /// <summary>The value; see <see cref="Epoch.Value"/>.</summary>
    [Id(0)]
    public long Value;
}
