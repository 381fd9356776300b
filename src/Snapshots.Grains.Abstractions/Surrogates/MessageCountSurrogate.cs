using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="MessageCount"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.message-count")]
internal struct MessageCountSurrogate
{
    /// <summary>The value; see <see cref="MessageCount.Value"/>.</summary>
    [Id(0)]
    public long Value;
}
