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
    /// The number of the first page of processes at rest: pages of the part's own may still come while they are read.
    /// </summary>
    public const int FirstOfRests = 1 << 24;

    /// <summary>
    /// Pages of reports of processes at rest, which may be shared with other snapshots. Who reports there is a member.
    /// </summary>
    [Id(2)]
    public int Rests { get; init; }
}
