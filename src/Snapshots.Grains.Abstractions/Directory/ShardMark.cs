using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>Who was registered at a directory shard when it was marked.</summary>
/// <param name="Count">How many processes.</param>
/// <param name="First">The first of them in ordinal order; <c>default</c> if there is none.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.shard-mark")]
public readonly record struct ShardMark([property: Id(0)] int Count, [property: Id(1)] ProcessId First);
