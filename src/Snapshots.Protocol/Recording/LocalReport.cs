using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// The local state and the counts at the cut; reported at once, whatever the channels still wait for.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Epoch">The epoch of the process.</param>
/// <param name="Process">The process that recorded.</param>
/// <param name="State">Its state at the cut.</param>
/// <param name="Sent">For every outgoing channel known at the cut, the messages sent; ordered by peer.</param>
/// <param name="Delivered">
/// For every incoming channel known at the cut, the messages delivered; ordered by peer.
/// </param>
public sealed record LocalReport<TState>(
    SnapshotNumber Snapshot,
    Epoch Epoch,
    ProcessId Process,
    TState State,
    ImmutableArray<ChannelCount> Sent,
    ImmutableArray<ChannelCount> Delivered) : LocalStateReport(Snapshot, Epoch, Process, Sent, Delivered)
{
    /// <summary>
    /// The memory of keys at the cut, a part of the local state. Empty where <typeparamref name="TState"/> is a form
    /// that carries the memory itself.
    /// </summary>
    public RequestMemory Requests { get; init; } = RequestMemory.Empty;

    /// <inheritdoc/>
    public override ReportKey Key => new(ReportKind.Local, Snapshot, Epoch, default);
}
