namespace Snapshots.Scripts;

/// <summary>
/// Runs the operations of a script: the processes of one application and gated channels, whose frames wait until they
/// are delivered. What must be equal on every engine (snapshot numbers, the order of a drain, expectations) belongs to
/// <see cref="ScriptRunner"/>.
/// </summary>
/// <remarks>
/// <para>
/// The runner calls one operation after another. Each returns when its consequences have settled: frames wait in their
/// gates, reports have reached the collector, and every process, also a later one, knows which snapshots have ended.
/// Only frames are gated; acknowledgements and reports pass at once, and nothing is lost.
/// </para>
/// <para>
/// Channels are directed, and only opened ones exist. Only <see cref="SnapshotAsync"/> and markers start recordings, at
/// newcomers too. The first members of a snapshot are the processes that are open when it begins. An engine uses
/// <see cref="ScriptLimits.Protocol"/>. An exception of an engine is its own failure, not that of the script.
/// </para>
/// </remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public interface IScriptEngine<TState, TMessage>
{
    /// <summary>The engine's name, as in the option of the console: <c>core</c>.</summary>
    string Name { get; }

    /// <summary>The application whose processes it runs.</summary>
    ScriptApplication<TState, TMessage> Application { get; }

    /// <summary>Opens a new process with a command, such as <c>process 2</c>, that is never refused.</summary>
    ValueTask OpenProcessAsync(ProcessId process, string command, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a new channel between two open processes. The source puts on it the markers of the snapshots that it has
    /// recorded and that have not ended as far as it knows.
    /// </summary>
    ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken);

    /// <summary>
    /// Has an open process do a command, such as <c>send Q 1</c>; it sends on open channels only. Returns null, or why
    /// it was refused; then nothing has changed.
    /// </summary>
    ValueTask<string?> ActAsync(ProcessId process, string command, CancellationToken cancellationToken);

    /// <summary>
    /// A process initiates a snapshot; nothing happens if the process has recorded it, or if it has ended. The first
    /// call with a number begins the snapshot. Numbers count from 1, and an id always has the same number.
    /// </summary>
    ValueTask SnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, ProcessId process, CancellationToken cancellationToken);

    /// <summary>
    /// Delivers the frame at the head of an open channel's gate, and returns it; null if the gate is empty.
    /// </summary>
    ValueTask<Frame<TMessage>?> DeliverAsync(ChannelId channel, CancellationToken cancellationToken);

    /// <summary>Returns the frames that came to the gates since the last call, in the order of their sender.</summary>
    IReadOnlyList<Frame<TMessage>> TakeSent();

    /// <summary>Returns the state of an open process now.</summary>
    ValueTask<TState> ReadStateAsync(ProcessId process, CancellationToken cancellationToken);

    /// <summary>Returns the progress of a snapshot that has begun, and what it has recorded.</summary>
    ValueTask<SnapshotReading<TState, TMessage>> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken);
}

/// <summary>What an engine knows about one snapshot.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="IsComplete">Whether it has completed; else it is running.</param>
/// <param name="Progress">Its progress.</param>
/// <param name="Recorded">
/// The global state if it is complete; else what was recorded so far, as <see cref="SnapshotReading.Gather"/> combines
/// it. Either may omit a channel that carried no message before the cut.
/// </param>
public sealed record SnapshotReading<TState, TMessage>(
    bool IsComplete, CollectionProgress Progress, GlobalState<TState, TMessage> Recorded);

/// <summary>Combines what was reported of a snapshot that still runs.</summary>
public static class SnapshotReading
{
    /// <summary>
    /// Combines reports of one snapshot: the processes that have recorded, and the channels between them, each in
    /// order. A channel whose messages are not reported yet has no messages, although its counts differ.
    /// </summary>
    public static GlobalState<TState, TMessage> Gather<TState, TMessage>(IEnumerable<Report> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var locals = new SortedDictionary<ProcessId, LocalReport<TState>>();
        var closed = new Dictionary<ChannelId, ChannelReport<TMessage>>();
        foreach (var report in reports)
        {
            if (report is LocalReport<TState> local) locals[local.Process] = local;
            if (report is ChannelReport<TMessage> channel) closed[new(channel.Source, channel.Process)] = channel;
        }

        var counts = new SortedDictionary<ChannelId, (MessageCount Sent, MessageCount Delivered)>();
        foreach (var local in locals.Values)
        {
            foreach (var (target, sent) in local.Sent)
            {
                var id = new ChannelId(local.Process, target);
                if (locals.ContainsKey(target)) counts[id] = (sent, counts.GetValueOrDefault(id).Delivered);
            }

            foreach (var (source, delivered) in local.Delivered)
            {
                var id = new ChannelId(source, local.Process);
                if (locals.ContainsKey(source)) counts[id] = (counts.GetValueOrDefault(id).Sent, delivered);
            }
        }

        return new(
            [.. locals.Values.Select(local => new ProcessState<TState>(local.Process, local.State))],
            [.. counts.Select(pair => new ChannelState<TMessage>(
                pair.Key, pair.Value.Sent, pair.Value.Delivered, Messages(closed.GetValueOrDefault(pair.Key))))]);
    }

    private static ImmutableArray<NumberedMessage<TMessage>> Messages<TMessage>(ChannelReport<TMessage>? report) =>
        report is null ? [] : [.. report.Messages.Select((message, index) =>
            new NumberedMessage<TMessage>(new(report.DeliveredBefore.Value + index + 1), message))];
}
