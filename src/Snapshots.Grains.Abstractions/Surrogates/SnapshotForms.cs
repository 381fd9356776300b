using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>The wire form of <see cref="SnapshotRequest"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.snapshot-request")]
internal struct SnapshotRequestSurrogate
{
    /// <summary>See <see cref="SnapshotRequest.Id"/>.</summary>
    [Id(0)]
    public SnapshotId Id;

    /// <summary>See <see cref="SnapshotRequest.Initiator"/>.</summary>
    [Id(1)]
    public ProcessId Initiator;

    /// <summary>See <see cref="SnapshotRequest.Timeout"/>.</summary>
    [Id(2)]
    public TimeSpan Timeout;

    /// <summary>See <see cref="SnapshotRequest.Origin"/>.</summary>
    [Id(3)]
    public int Origin;
}

/// <summary>The wire form of <see cref="SnapshotSummary"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.snapshot-summary")]
internal struct SnapshotSummarySurrogate
{
    /// <summary>See <see cref="SnapshotSummary.Id"/>.</summary>
    [Id(0)]
    public SnapshotId Id;

    /// <summary>See <see cref="SnapshotSummary.Number"/>.</summary>
    [Id(1)]
    public SnapshotNumber Number;

    /// <summary>See <see cref="SnapshotSummary.Epoch"/>.</summary>
    [Id(2)]
    public Epoch Epoch;

    /// <summary>See <see cref="SnapshotSummary.Status"/>.</summary>
    [Id(3)]
    public int Status;

    /// <summary>See <see cref="SnapshotSummary.Initiator"/>.</summary>
    [Id(4)]
    public ProcessId Initiator;

    /// <summary>See <see cref="SnapshotSummary.Timeout"/>.</summary>
    [Id(5)]
    public TimeSpan Timeout;

    /// <summary>See <see cref="SnapshotSummary.StartedAtMs"/>.</summary>
    [Id(6)]
    public long StartedAtMs;

    /// <summary>See <see cref="SnapshotSummary.EndedAtMs"/>.</summary>
    [Id(7)]
    public long? EndedAtMs;

    /// <summary>See <see cref="SnapshotSummary.Processes"/>.</summary>
    [Id(8)]
    public int Processes;

    /// <summary>See <see cref="SnapshotSummary.Channels"/>.</summary>
    [Id(9)]
    public int Channels;

    /// <summary>See <see cref="SnapshotSummary.MessagesInTransit"/>.</summary>
    [Id(10)]
    public int MessagesInTransit;

    /// <summary>See <see cref="SnapshotSummary.Reason"/>.</summary>
    [Id(11)]
    public string Reason;

    /// <summary>See <see cref="SnapshotSummary.Origin"/>.</summary>
    [Id(12)]
    public int Origin;

    /// <summary>See <see cref="SnapshotSummary.Pinned"/>.</summary>
    [Id(13)]
    public bool Pinned;

    /// <summary>See <see cref="SnapshotSummary.Bytes"/>.</summary>
    [Id(14)]
    public long Bytes;

    /// <summary>See <see cref="SnapshotSummary.RestoredFrom"/>.</summary>
    [Id(15)]
    public RestoredFrom? RestoredFrom;
}

/// <summary>The wire form of <see cref="SnapshotView"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.snapshot-view")]
internal struct SnapshotViewSurrogate
{
    /// <summary>See <see cref="SnapshotView.Summary"/>.</summary>
    [Id(0)]
    public SnapshotSummary Summary;

    /// <summary>See <see cref="SnapshotView.Progress"/>.</summary>
    [Id(1)]
    public CollectionProgress Progress;
}

/// <summary>The wire form of <see cref="PartView"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.part-view")]
internal struct PartViewSurrogate
{
    /// <summary>See <see cref="PartView.Version"/>.</summary>
    [Id(0)]
    public long Version;

    /// <summary>See <see cref="PartView.Standing"/>.</summary>
    [Id(1)]
    public PartStanding Standing;
}

/// <summary>The wire form of <see cref="SnapshotSchedule"/>.</summary>
[GenerateSerializer]
[Alias("snapshots.snapshot-schedule")]
internal struct SnapshotScheduleSurrogate
{
    /// <summary>See <see cref="SnapshotSchedule.Every"/>.</summary>
    [Id(0)]
    public TimeSpan Every;

    /// <summary>See <see cref="SnapshotSchedule.KeepLast"/>.</summary>
    [Id(1)]
    public int? KeepLast;

    /// <summary>See <see cref="SnapshotSchedule.KeepFor"/>.</summary>
    [Id(2)]
    public TimeSpan? KeepFor;
}

/// <summary>Converts <see cref="SnapshotSchedule"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class SnapshotScheduleConverter : IConverter<SnapshotSchedule, SnapshotScheduleSurrogate>
{
    /// <inheritdoc/>
    public SnapshotSchedule ConvertFromSurrogate(in SnapshotScheduleSurrogate surrogate) =>
        new(surrogate.Every, surrogate.KeepLast, surrogate.KeepFor);

    /// <inheritdoc/>
    public SnapshotScheduleSurrogate ConvertToSurrogate(in SnapshotSchedule value) =>
        new() { Every = value.Every, KeepLast = value.KeepLast, KeepFor = value.KeepFor };
}

/// <summary>Converts <see cref="SnapshotRequest"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class SnapshotRequestConverter : IConverter<SnapshotRequest, SnapshotRequestSurrogate>
{
    /// <inheritdoc/>
    public SnapshotRequest ConvertFromSurrogate(in SnapshotRequestSurrogate surrogate) =>
        new(surrogate.Id, surrogate.Initiator, surrogate.Timeout) { Origin = (SnapshotOrigin)surrogate.Origin };

    /// <inheritdoc/>
    public SnapshotRequestSurrogate ConvertToSurrogate(in SnapshotRequest value) =>
        new() { Id = value.Id, Initiator = value.Initiator, Timeout = value.Timeout, Origin = (int)value.Origin };
}

/// <summary>Converts <see cref="SnapshotSummary"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class SnapshotSummaryConverter : IConverter<SnapshotSummary, SnapshotSummarySurrogate>
{
    /// <inheritdoc/>
    public SnapshotSummary ConvertFromSurrogate(in SnapshotSummarySurrogate surrogate) => new(
        surrogate.Id,
        surrogate.Number,
        surrogate.Epoch,
        (SnapshotStatus)surrogate.Status,
        surrogate.Initiator,
        surrogate.Timeout,
        surrogate.StartedAtMs,
        surrogate.EndedAtMs,
        surrogate.Processes,
        surrogate.Channels,
        surrogate.MessagesInTransit,
        surrogate.Reason)
    {
        Origin = (SnapshotOrigin)surrogate.Origin,
        Pinned = surrogate.Pinned,
        Bytes = surrogate.Bytes,
        RestoredFrom = surrogate.RestoredFrom,
    };

    /// <inheritdoc/>
    public SnapshotSummarySurrogate ConvertToSurrogate(in SnapshotSummary value) => new()
    {
        Id = value.Id,
        Number = value.Number,
        Epoch = value.Epoch,
        Status = (int)value.Status,
        Initiator = value.Initiator,
        Timeout = value.Timeout,
        StartedAtMs = value.StartedAtMs,
        EndedAtMs = value.EndedAtMs,
        Processes = value.Processes,
        Channels = value.Channels,
        MessagesInTransit = value.MessagesInTransit,
        Reason = value.Reason,
        Origin = (int)value.Origin,
        Pinned = value.Pinned,
        Bytes = value.Bytes,
        RestoredFrom = value.RestoredFrom,
    };
}

/// <summary>Converts <see cref="SnapshotView"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class SnapshotViewConverter : IConverter<SnapshotView, SnapshotViewSurrogate>
{
    /// <inheritdoc/>
    public SnapshotView ConvertFromSurrogate(in SnapshotViewSurrogate surrogate) => new(surrogate.Summary, surrogate.Progress);

    /// <inheritdoc/>
    public SnapshotViewSurrogate ConvertToSurrogate(in SnapshotView value) => new() { Summary = value.Summary, Progress = value.Progress };
}

/// <summary>Converts <see cref="PartView"/> to its wire form and back.</summary>
[RegisterConverter]
internal sealed class PartViewConverter : IConverter<PartView, PartViewSurrogate>
{
    /// <inheritdoc/>
    public PartView ConvertFromSurrogate(in PartViewSurrogate surrogate) => new(surrogate.Version, surrogate.Standing);

    /// <inheritdoc/>
    public PartViewSurrogate ConvertToSurrogate(in PartView value) => new() { Version = value.Version, Standing = value.Standing };
}
