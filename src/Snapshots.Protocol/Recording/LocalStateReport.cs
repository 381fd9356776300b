using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>What every report of a local state says, whatever the state is.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Epoch">The epoch of the process.</param>
/// <param name="Process">The process that recorded.</param>
/// <param name="Sent">For every outgoing channel known at the cut, the messages sent; ordered by peer.</param>
/// <param name="Delivered">
/// For every incoming channel known at the cut, the messages delivered; ordered by peer.
/// </param>
public abstract record LocalStateReport(
    SnapshotNumber Snapshot,
    Epoch Epoch,
    ProcessId Process,
    ImmutableArray<ChannelCount> Sent,
    ImmutableArray<ChannelCount> Delivered) : Report(Snapshot, Epoch, Process);
