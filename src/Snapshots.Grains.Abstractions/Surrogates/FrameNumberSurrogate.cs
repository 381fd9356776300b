using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="FrameNumber"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.frame-number")]
internal struct FrameNumberSurrogate
{
    /// <summary>The value; see <see cref="FrameNumber.Value"/>.</summary>
    [Id(0)]
    public long Value;
}
