using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// The state of one incoming channel, reported as it closes. An empty channel is not reported: that its two counts are
/// equal says the same.
/// </summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Epoch">The epoch of the process.</param>
/// <param name="Process">The process that recorded: the channel's target.</param>
/// <param name="Source">The channel's source.</param>
/// <param name="DeliveredBefore">
/// How many messages had been delivered at the cut; the state starts with the next one.
/// </param>
/// <param name="Messages">The messages in transit at the cut, in order; at least one.</param>
public sealed record ChannelReport<TMessage>(
    SnapshotNumber Snapshot,
    Epoch Epoch,
    ProcessId Process,
    ProcessId Source,
    MessageCount DeliveredBefore,
    ImmutableArray<TMessage> Messages) : Report(Snapshot, Epoch, Process)
{
    /// <inheritdoc/>
    public override ReportKey Key => new(ReportKind.Channel, Snapshot, Epoch, Source);
}
