using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// The processes of a directory shard as they were stored in one moment: who is at rest, and who may be awake. It does not
/// change when the shard does.
/// </summary>
/// <param name="Epoch">The epoch of the shard.</param>
/// <param name="Members">How many processes are registered.</param>
/// <param name="First">The first of them in ordinal order; <c>default</c> if there is none.</param>
/// <param name="Awake">Those that may be awake, in the order of registration.</param>
/// <param name="Sums">What those at rest have counted.</param>
/// <param name="Rows">The rows, by number; none where nobody is at rest in the epoch.</param>
public sealed record RestView(
    Epoch Epoch, int Members, ProcessId First, ImmutableArray<ProcessId> Awake, RestSums Sums, ImmutableArray<RestRow?> Rows)
{
    /// <summary>The versions of the rows, by number; 0 where there is none.</summary>
    public ImmutableArray<long> Versions => [.. Rows.Select(row => row?.Version ?? 0)];
}
