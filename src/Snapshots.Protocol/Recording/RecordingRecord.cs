using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>One process's part in one unfinished snapshot, as it is persisted.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Local">The local state and counts; none once the collector has accepted them.</param>
/// <param name="Channels">The incoming channels, ordered by source.</param>
/// <param name="Overflow">Whether the recording has outgrown its limit.</param>
/// <param name="OverflowAccepted">Whether the collector knows of the overflow.</param>
public sealed record RecordingRecord<TState, TMessage>(
    SnapshotNumber Snapshot,
    LocalReport<TState>? Local,
    ImmutableArray<ChannelRecordingRecord<TMessage>> Channels,
    bool Overflow,
    bool OverflowAccepted)
{
    /// <summary>
    /// Its place among the recordings of the process, from 1, by the time of the cut: snapshots are not recorded in the
    /// order of their numbers.
    /// </summary>
    public long Ordinal { get; init; }
}

/// <summary>What has changed in the recording of one snapshot since it was last written.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Local">
/// The local state and counts of a recording that was not written before, where <see cref="Requests"/> is given without
/// the memory of keys; none otherwise, or once accepted.
/// </param>
/// <param name="KeepsLocal">Whether the local state and counts are as they were written before.</param>
/// <param name="Channels">
/// The incoming channels that have changed. Where <paramref name="Local"/> is given, a channel that it counts and that is
/// not listed here is recording, with no message.
/// </param>
/// <param name="Overflow">Whether the recording has outgrown its limit.</param>
/// <param name="OverflowAccepted">Whether the collector knows of the overflow.</param>
public sealed record RecordingChange<TState, TMessage>(
    SnapshotNumber Snapshot,
    LocalReport<TState>? Local,
    bool KeepsLocal,
    ImmutableArray<ChannelRecordingChange<TMessage>> Channels,
    bool Overflow,
    bool OverflowAccepted)
{
    /// <inheritdoc cref="RecordingRecord{TState, TMessage}.Ordinal"/>
    public long Ordinal { get; init; }

    /// <summary>
    /// What turns the memory of keys before this write into that at the cut, which is a part of <see cref="Local"/>; none
    /// where that is none, or has it.
    /// </summary>
    public RequestChanges? Requests { get; init; }
}
