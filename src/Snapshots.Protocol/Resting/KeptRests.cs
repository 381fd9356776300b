using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>Where the content of one row of rests is kept.</summary>
/// <param name="Version">The version of the row; 0 if nobody of it is at rest.</param>
/// <param name="Copy">The number of the <see cref="KeptRests"/> with which it was copied.</param>
public readonly record struct KeptRow(long Version, long Copy);

/// <summary>The processes of a directory shard as one snapshot has them.</summary>
/// <param name="Number">Names it, and the copies that were made for it; 0 if nobody is at rest: nothing is kept then.</param>
/// <param name="Epoch">The epoch of the shard.</param>
/// <param name="First">The first registered process in ordinal order; <c>default</c> if there is none.</param>
/// <param name="Awake">Those that may be awake: they are to be asked.</param>
/// <param name="Sums">What those at rest have counted.</param>
/// <param name="Rows">Where their reports are kept, by the number of the row.</param>
public sealed record KeptRests(
    long Number,
    Epoch Epoch,
    ProcessId First,
    ImmutableArray<ProcessId> Awake,
    RestSums Sums,
    ImmutableArray<KeptRow> Rows)
{
    /// <summary>About what the copies take that were made for it, in bytes.</summary>
    public long Bytes { get; init; }
}
