using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>How one part of a collection stands.</summary>
/// <param name="Version">Another one than before whenever anything has changed.</param>
/// <param name="Standing">The figures.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.part-view")]
public sealed record PartView([property: Id(0)] long Version, [property: Id(1)] PartStanding Standing);
