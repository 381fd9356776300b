using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Some of the processes of one directory shard.</summary>
/// <param name="GrainType">The type of the grains that host them; empty while nobody is registered.</param>
/// <param name="Processes">The processes, in the order of registration.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.directory-page")]
public sealed record DirectoryPage([property: Id(0)] string GrainType, [property: Id(1)] ProcessId[] Processes);
