namespace Snapshots.Grains;

/// <summary>How many pages one part of a collection keeps.</summary>
/// <param name="Members">Pages of members.</param>
/// <param name="Reports">Pages of reports.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.part-pages")]
public readonly record struct PartPages([property: Id(0)] int Members, [property: Id(1)] int Reports);
