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
    bool OverflowAccepted);
