using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="RestoreNumber"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.restore-number")]
internal struct RestoreNumberSurrogate
{
    /// <summary>See <see cref="RestoreNumber.Value"/>.</summary>
    [Id(0)]
    public long Value;
}

/// <summary>The wire form of <see cref="Gate"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.gate")]
internal struct GateSurrogate
{
    /// <summary>See <see cref="Gate.Epoch"/>.</summary>
    [Id(0)]
    public long Epoch;

    /// <summary>See <see cref="Gate.Restore"/>.</summary>
    [Id(1)]
    public long Restore;

    /// <summary>See <see cref="Gate.IsOpen"/>.</summary>
    [Id(2)]
    public bool IsOpen;
}

/// <summary>The wire form of <see cref="ShardOrder"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.shard-order")]
internal struct ShardOrderSurrogate
{
    /// <summary>See <see cref="ShardOrder.Gate"/>.</summary>
    [Id(0)]
    public Gate Gate;

    /// <summary>See <see cref="ShardOrder.Source"/>.</summary>
    [Id(1)]
    public long Source;
}

/// <summary>The wire form of <see cref="RestoreCounts"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.restore-counts")]
internal struct RestoreCountsSurrogate
{
    /// <summary>See <see cref="RestoreCounts.Restored"/>.</summary>
    [Id(0)]
    public int Restored;

    /// <summary>See <see cref="RestoreCounts.Emptied"/>.</summary>
    [Id(1)]
    public int Emptied;

    /// <summary>See <see cref="RestoreCounts.Redelivered"/>.</summary>
    [Id(2)]
    public int Redelivered;

    /// <summary>See <see cref="RestoreCounts.Damaged"/>.</summary>
    [Id(3)]
    public int Damaged;
}

/// <summary>The wire form of <see cref="ShardStanding"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.shard-standing")]
internal struct ShardStandingSurrogate
{
    /// <summary>See <see cref="ShardStanding.Gate"/>.</summary>
    [Id(0)]
    public Gate Gate;

    /// <summary>See <see cref="ShardStanding.IsDone"/>.</summary>
    [Id(1)]
    public bool IsDone;

    /// <summary>See <see cref="ShardStanding.Counts"/>.</summary>
    [Id(2)]
    public RestoreCounts Counts;

    /// <summary>See <see cref="ShardStanding.WaitingFor"/>.</summary>
    [Id(3)]
    public ImmutableArray<ProcessId> WaitingFor;
}

/// <summary>The wire form of <see cref="RestoreRequest"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.restore-request")]
internal struct RestoreRequestSurrogate
{
    /// <summary>See <see cref="RestoreRequest.Source"/>.</summary>
    [Id(0)]
    public SnapshotId Source;

    /// <summary>See <see cref="RestoreRequest.Reason"/>.</summary>
    [Id(1)]
    public string Reason;

    /// <summary>See <see cref="RestoreRequest.TakesSafety"/>.</summary>
    [Id(2)]
    public bool TakesSafety;
}

/// <summary>The wire and stored form of <see cref="RestoreSummary"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.restore-summary")]
internal struct RestoreSummarySurrogate
{
    /// <summary>See <see cref="RestoreSummary.Number"/>.</summary>
    [Id(0)]
    public RestoreNumber Number;

    /// <summary>See <see cref="RestoreSummary.Source"/>.</summary>
    [Id(1)]
    public SnapshotId Source;

    /// <summary>See <see cref="RestoreSummary.SourceNumber"/>.</summary>
    [Id(2)]
    public SnapshotNumber SourceNumber;

    /// <summary>See <see cref="RestoreSummary.SourceEpoch"/>.</summary>
    [Id(3)]
    public Epoch SourceEpoch;

    /// <summary>See <see cref="RestoreSummary.Status"/>.</summary>
    [Id(4)]
    public int Status;

    /// <summary>See <see cref="RestoreSummary.Reason"/>.</summary>
    [Id(5)]
    public string Reason;

    /// <summary>See <see cref="RestoreSummary.TakesSafety"/>.</summary>
    [Id(6)]
    public bool TakesSafety;

    /// <summary>See <see cref="RestoreSummary.StartedAtMs"/>.</summary>
    [Id(7)]
    public long StartedAtMs;

    /// <summary>See <see cref="RestoreSummary.Safety"/>.</summary>
    [Id(8)]
    public SnapshotId Safety;

    /// <summary>See <see cref="RestoreSummary.FromEpoch"/>.</summary>
    [Id(9)]
    public Epoch FromEpoch;

    /// <summary>See <see cref="RestoreSummary.ToEpoch"/>.</summary>
    [Id(10)]
    public Epoch ToEpoch;

    /// <summary>See <see cref="RestoreSummary.Counts"/>.</summary>
    [Id(11)]
    public RestoreCounts Counts;

    /// <summary>See <see cref="RestoreSummary.EndedAtMs"/>.</summary>
    [Id(12)]
    public long? EndedAtMs;

    /// <summary>See <see cref="RestoreSummary.Failure"/>.</summary>
    [Id(13)]
    public string Failure;
}

/// <summary>The wire form of <see cref="RestoreView"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.restore-view")]
internal struct RestoreViewSurrogate
{
    /// <summary>See <see cref="RestoreView.Summary"/>.</summary>
    [Id(0)]
    public RestoreSummary Summary;

    /// <summary>See <see cref="RestoreView.WaitingFor"/>.</summary>
    [Id(1)]
    public string[] WaitingFor;
}

/// <summary>The wire and stored form of <see cref="RestoredFrom"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.restored-from")]
internal struct RestoredFromSurrogate
{
    /// <summary>See <see cref="RestoredFrom.Restore"/>.</summary>
    [Id(0)]
    public RestoreNumber Restore;

    /// <summary>See <see cref="RestoredFrom.Snapshot"/>.</summary>
    [Id(1)]
    public SnapshotId Snapshot;
}

/// <summary>Converts <see cref="RestoreNumber"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class RestoreNumberConverter : IConverter<RestoreNumber, RestoreNumberSurrogate>
{
    /// <inheritdoc/>
    public RestoreNumber ConvertFromSurrogate(in RestoreNumberSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public RestoreNumberSurrogate ConvertToSurrogate(in RestoreNumber value) => new() { Value = value.Value };
}

/// <summary>Converts <see cref="Gate"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class GateConverter : IConverter<Gate, GateSurrogate>
{
    /// <inheritdoc/>
    public Gate ConvertFromSurrogate(in GateSurrogate surrogate) => new(new(surrogate.Epoch), new(surrogate.Restore), surrogate.IsOpen);

    /// <inheritdoc/>
    public GateSurrogate ConvertToSurrogate(in Gate value) =>
        new() { Epoch = value.Epoch.Value, Restore = value.Restore.Value, IsOpen = value.IsOpen };
}

/// <summary>Converts <see cref="ShardOrder"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class ShardOrderConverter : IConverter<ShardOrder, ShardOrderSurrogate>
{
    /// <inheritdoc/>
    public ShardOrder ConvertFromSurrogate(in ShardOrderSurrogate surrogate) => new(surrogate.Gate, new(surrogate.Source));

    /// <inheritdoc/>
    public ShardOrderSurrogate ConvertToSurrogate(in ShardOrder value) => new() { Gate = value.Gate, Source = value.Source.Value };
}

/// <summary>Converts <see cref="RestoreCounts"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class RestoreCountsConverter : IConverter<RestoreCounts, RestoreCountsSurrogate>
{
    /// <inheritdoc/>
    public RestoreCounts ConvertFromSurrogate(in RestoreCountsSurrogate surrogate) =>
        new(surrogate.Restored, surrogate.Emptied, surrogate.Redelivered, surrogate.Damaged);

    /// <inheritdoc/>
    public RestoreCountsSurrogate ConvertToSurrogate(in RestoreCounts value) =>
        new() { Restored = value.Restored, Emptied = value.Emptied, Redelivered = value.Redelivered, Damaged = value.Damaged };
}

/// <summary>Converts <see cref="ShardStanding"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class ShardStandingConverter : IConverter<ShardStanding, ShardStandingSurrogate>
{
    /// <inheritdoc/>
    public ShardStanding ConvertFromSurrogate(in ShardStandingSurrogate surrogate) =>
        new(surrogate.Gate, surrogate.IsDone, surrogate.Counts, surrogate.WaitingFor);

    /// <inheritdoc/>
    public ShardStandingSurrogate ConvertToSurrogate(in ShardStanding value) =>
        new() { Gate = value.Gate, IsDone = value.IsDone, Counts = value.Counts, WaitingFor = value.WaitingFor };
}

/// <summary>Converts <see cref="RestoreRequest"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class RestoreRequestConverter : IConverter<RestoreRequest, RestoreRequestSurrogate>
{
    /// <inheritdoc/>
    public RestoreRequest ConvertFromSurrogate(in RestoreRequestSurrogate surrogate) =>
        new(surrogate.Source, surrogate.Reason, surrogate.TakesSafety);

    /// <inheritdoc/>
    public RestoreRequestSurrogate ConvertToSurrogate(in RestoreRequest value) =>
        new() { Source = value.Source, Reason = value.Reason, TakesSafety = value.TakesSafety };
}

/// <summary>Converts <see cref="RestoreSummary"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class RestoreSummaryConverter : IConverter<RestoreSummary, RestoreSummarySurrogate>
{
    /// <inheritdoc/>
    public RestoreSummary ConvertFromSurrogate(in RestoreSummarySurrogate surrogate) => new(
        surrogate.Number,
        surrogate.Source,
        surrogate.SourceNumber,
        surrogate.SourceEpoch,
        (RestoreStatus)surrogate.Status,
        surrogate.Reason,
        surrogate.TakesSafety,
        surrogate.StartedAtMs)
    {
        Safety = surrogate.Safety,
        FromEpoch = surrogate.FromEpoch,
        ToEpoch = surrogate.ToEpoch,
        Counts = surrogate.Counts,
        EndedAtMs = surrogate.EndedAtMs,
        Failure = surrogate.Failure,
    };

    /// <inheritdoc/>
    public RestoreSummarySurrogate ConvertToSurrogate(in RestoreSummary value) => new()
    {
        Number = value.Number,
        Source = value.Source,
        SourceNumber = value.SourceNumber,
        SourceEpoch = value.SourceEpoch,
        Status = (int)value.Status,
        Reason = value.Reason,
        TakesSafety = value.TakesSafety,
        StartedAtMs = value.StartedAtMs,
        Safety = value.Safety,
        FromEpoch = value.FromEpoch,
        ToEpoch = value.ToEpoch,
        Counts = value.Counts,
        EndedAtMs = value.EndedAtMs,
        Failure = value.Failure,
    };
}

/// <summary>Converts <see cref="RestoreView"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class RestoreViewConverter : IConverter<RestoreView, RestoreViewSurrogate>
{
    /// <inheritdoc/>
    public RestoreView ConvertFromSurrogate(in RestoreViewSurrogate surrogate) => new(surrogate.Summary, surrogate.WaitingFor);

    /// <inheritdoc/>
    public RestoreViewSurrogate ConvertToSurrogate(in RestoreView value) =>
        new() { Summary = value.Summary, WaitingFor = [.. value.WaitingFor] };
}

/// <summary>Converts <see cref="RestoredFrom"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class RestoredFromConverter : IConverter<RestoredFrom, RestoredFromSurrogate>
{
    /// <inheritdoc/>
    public RestoredFrom ConvertFromSurrogate(in RestoredFromSurrogate surrogate) => new(surrogate.Restore, surrogate.Snapshot);

    /// <inheritdoc/>
    public RestoredFromSurrogate ConvertToSurrogate(in RestoredFrom value) => new() { Restore = value.Restore, Snapshot = value.Snapshot };
}
