using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>What a directory shard knows of the last rest of a process.</summary>
/// <param name="Process">The process.</param>
/// <param name="Mark">The rest.</param>
/// <param name="Report">Its state and counts while it rests; none once it may be awake.</param>
public sealed record RestEntry(ProcessId Process, RestMark Mark, LocalStateReport? Report)
{
    /// <summary>Whether it rests in that epoch, as far as the shard knows.</summary>
    public bool IsAtRestIn(Epoch epoch) => Report is not null && Mark.Epoch == epoch;
}

/// <summary>Some of the processes that have rested, as their shard stores them.</summary>
/// <param name="Entries">The processes in ordinal order.</param>
public sealed record RestRow(ImmutableArray<RestEntry> Entries)
{
    /// <summary>How often the row was written: what is stored under one number never changes.</summary>
    public long Version { get; init; }
}
