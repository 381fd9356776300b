using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Some of the processes of one directory shard.</summary>
/// <param name="GrainType">The type of the grains that host them; empty while nobody is registered.</param>
/// <param name="Processes">The processes, in the order of registration.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.directory-page")]
public sealed record DirectoryPage([property: Id(0)] string GrainType, [property: Id(1)] ProcessId[] Processes);

/// <summary>Some of the processes of one directory shard, as a collection needs them.</summary>
/// <param name="GrainType">The type of the grains that host them; empty while nobody is registered.</param>
/// <param name="Processes">The processes, in the order of registration.</param>
/// <param name="AtRest">What the shard reports for those that rest, of no snapshot in particular.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.directory-members")]
public sealed record DirectoryMembers(
    [property: Id(0)] string GrainType, [property: Id(1)] ProcessId[] Processes, [property: Id(2)] ReportSurrogate[] AtRest);
