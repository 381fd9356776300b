using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>What the index stores; see <see cref="IndexRecord"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-index")]
public sealed class StoredIndex
{
    /// <summary>The history since the last restore, from 1.</summary>
    [Id(0)]
    public long Epoch { get; set; } = 1;

    /// <summary>The highest number given out.</summary>
    [Id(1)]
    public long Highest { get; set; }

    /// <summary>The snapshots that are kept, oldest first; an open one is always among them.</summary>
    [Id(2)]
    public ImmutableArray<SnapshotSummary> Snapshots { get; set; } = [];

    /// <summary>Snapshots that are no longer kept, and whose rows may still be there.</summary>
    [Id(3)]
    public ImmutableArray<long> Dropped { get; set; } = [];

    /// <summary>The schedule; none if none is set.</summary>
    [Id(4)]
    public SnapshotSchedule? Schedule { get; set; }

    /// <summary>When the schedule was set, in milliseconds since 1970.</summary>
    [Id(5)]
    public long ScheduleSetAtMs { get; set; }

    /// <summary>The last time of the schedule that was taken or skipped, in milliseconds since 1970.</summary>
    [Id(6)]
    public long ScheduleReachedMs { get; set; }

    /// <summary>The restores that are known, oldest first.</summary>
    [Id(7)]
    public ImmutableArray<RestoreSummary> Restores { get; set; } = [];

    internal static StoredIndex Of(IndexRecord record) => new()
    {
        Epoch = record.Epoch.Value,
        Highest = record.Highest.Value,
        Snapshots = record.Snapshots,
        Dropped = [.. record.Dropped.Select(number => number.Value)],
        Schedule = record.Schedule?.Schedule,
        ScheduleSetAtMs = record.Schedule?.SetAtMs ?? 0,
        ScheduleReachedMs = record.Schedule?.ReachedMs ?? 0,
        Restores = record.Restores,
    };

    internal IndexRecord ToRecord() =>
        new(new(Epoch), new(Highest), Snapshots, [.. Dropped.Select(number => new SnapshotNumber(number))])
        {
            Schedule = Schedule is null ? null : new(Schedule, ScheduleSetAtMs, ScheduleReachedMs),
            Restores = Restores,
        };
}

/// <summary>What a collector stores of its snapshot; see <see cref="CollectorRecord"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-collector")]
public sealed class StoredCollector
{
    /// <summary>The snapshot; none before the collector was started.</summary>
    [Id(0)]
    public SnapshotSummary? Summary { get; set; }

    /// <summary>How long its collectors have run, at least, in milliseconds.</summary>
    [Id(1)]
    public long ElapsedMs { get; set; }

    /// <summary>How far it was when it was aborted; none otherwise.</summary>
    [Id(2)]
    public CollectionProgress? LastProgress { get; set; }

    internal static StoredCollector Of(CollectorRecord record) =>
        new() { Summary = record.Summary, ElapsedMs = record.ElapsedMs, LastProgress = record.LastProgress };

    internal CollectorRecord? ToRecord() => Summary is null ? null : new(Summary, ElapsedMs, LastProgress);
}

/// <summary>The head of one part of a collection; see <see cref="PartHead"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-part")]
public sealed class StoredPart
{
    /// <summary>The epoch of the snapshot.</summary>
    [Id(0)]
    public long Epoch { get; set; }

    /// <summary>Pages of members, this row among them.</summary>
    [Id(1)]
    public int MemberPages { get; set; }

    /// <summary>The first page of members.</summary>
    [Id(2)]
    public ImmutableArray<string> Members { get; set; } = [];

    /// <summary>The number of the life that has written it.</summary>
    [Id(3)]
    public int Generation { get; set; }

    /// <summary>The first member; empty if there is none.</summary>
    [Id(4)]
    public string First { get; set; } = string.Empty;

    /// <summary>What the shards keep for the snapshot.</summary>
    [Id(5)]
    public ImmutableArray<StoredPartRests> Rests { get; set; } = [];

    internal static StoredPart Of(PartHead head) => new()
    {
        Epoch = head.Epoch.Value,
        MemberPages = head.MemberPages,
        Members = [.. head.Members.Select(member => member.Value)],
        Generation = head.Generation,
        First = head.First.Value,
        Rests = [.. head.Rests.Select(rests => new StoredPartRests(rests.Shard, rests.Number, rests.Rows, rests.Sums, rests.Bytes))],
    };

    internal PartHead ToHead() => new(new(Epoch), MemberPages, [.. Members.Select(name => new ProcessId(name))])
    {
        Generation = Generation,
        First = First.Length == 0 ? default : new(First),
        Rests = [.. Rests.Select(rests => new PartRests(rests.Shard, rests.Number, rests.Rows, rests.Sums, rests.Bytes))],
    };
}

/// <summary>The processes at rest of one shard, as a part stores them; see <see cref="PartRests"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.stored-part-rests")]
public readonly record struct StoredPartRests(
    [property: Id(0)] int Shard,
    [property: Id(1)] long Number,
    [property: Id(2)] int Rows,
    [property: Id(3)] RestSums Sums,
    [property: Id(4)] long Bytes);

/// <summary>Another page of the members with which a part began.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-members")]
public sealed class StoredMembers
{
    /// <summary>The members.</summary>
    [Id(0)]
    public ImmutableArray<string> Processes { get; set; } = [];

    /// <summary>The number of the life that has written it.</summary>
    [Id(1)]
    public int Generation { get; set; }
}

/// <summary>
/// Reports that were stored together. A page is written once: rewriting a record for each report would cost the square.
/// </summary>
[GenerateSerializer]
[Alias("snapshots.stored-reports")]
public sealed class StoredReports
{
    /// <summary>The reports.</summary>
    [Id(0)]
    public ImmutableArray<ReportSurrogate> Reports { get; set; } = [];
}
