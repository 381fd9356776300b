namespace Snapshots.Grains;

/// <summary>How many pages one part of a collection keeps.</summary>
/// <param name="Members">Pages of members.</param>
/// <param name="Reports">Pages of reports that the part has stored itself.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.part-pages")]
public readonly record struct PartPages([property: Id(0)] int Members, [property: Id(1)] int Reports)
{
    /// <summary>
    /// Pages of reports of processes at rest, which come after the others and may be shared with other snapshots. Who
    /// reports there is a member.
    /// </summary>
    [Id(2)]
    public int Rests { get; init; }
}
