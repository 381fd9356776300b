using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// A process tells its shard that it has frames under way, which nobody may ever ask for again, or that it has none any
/// more.
/// </summary>
/// <param name="Process">The process.</param>
/// <param name="Listing">
/// Names this listing, and no other one of the process: so what ends one listing, and comes late, does not end the next
/// one.
/// </param>
/// <param name="Unfinished">Whether the listing begins, in place of any other of the process, or ends.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.unfinished-note")]
public readonly record struct UnfinishedNote(
    [property: Id(0)] ProcessId Process, [property: Id(1)] long Listing, [property: Id(2)] bool Unfinished);
