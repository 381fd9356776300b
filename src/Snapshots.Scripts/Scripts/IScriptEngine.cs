namespace Snapshots.Scripts;

/// <summary>
/// Runs the operations of a script: processes that hold tokens (<see cref="TokenApplication"/>) and gated channels,
/// whose frames wait until they are delivered. What must be equal on every engine (snapshot numbers, the order of a
/// drain, expectations) belongs to <see cref="ScriptRunner"/>.
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
public interface IScriptEngine
{
    /// <summary>The engine's name, as in the option of the console: <c>core</c>.</summary>
    string Name { get; }

    /// <summary>Opens a new process that holds plain tokens from the start.</summary>
    ValueTask OpenProcessAsync(ProcessId process, long tokens, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a new channel between two open processes. The source puts on it the markers of the snapshots that it has
    /// recorded and that have not ended as far as it knows.
    /// </summary>
    ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken);

    /// <summary>
    /// Debits the source of an open channel and puts a message of plain tokens on it. Returns false and changes nothing
    /// if the source holds less.
    /// </summary>
    ValueTask<bool> SendAsync(ChannelId channel, long amount, CancellationToken cancellationToken);

    /// <summary>
    /// A process initiates a snapshot; nothing happens if the process has recorded it, or if it has ended. The first
    /// call with a number begins the snapshot. Numbers count from 1, and an id always has the same number.
    /// </summary>
    ValueTask SnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, ProcessId process, CancellationToken cancellationToken);

    /// <summary>Delivers the frame at the head of an open channel's gate. Returns false if the gate is empty.</summary>
    ValueTask<bool> DeliverAsync(ChannelId channel, CancellationToken cancellationToken);

    /// <summary>Returns the tokens that an open process holds now.</summary>
    ValueTask<long> ReadTokensAsync(ProcessId process, CancellationToken cancellationToken);

    /// <summary>Returns the progress of a snapshot that has begun, and what it has recorded.</summary>
    ValueTask<SnapshotReading> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken);
}

/// <summary>What an engine knows about one snapshot.</summary>
/// <param name="IsComplete">Whether it has completed; else it is running.</param>
/// <param name="Progress">Its progress.</param>
/// <param name="Recorded">
/// The global state if it is complete; else what was recorded so far, as <see cref="Gather"/> combines it. Either may
/// omit a channel that carried no message before the cut.
/// </param>
public sealed record SnapshotReading(
    bool IsComplete, CollectionProgress Progress, GlobalState<TokenState, TokenMessage> Recorded)
{
    /// <summary>
    /// Combines reports of one snapshot: the processes that have recorded, and the channels between them, each in
    /// order. A channel whose messages are not reported yet has no messages, although its counts differ.
    /// </summary>
    public static GlobalState<TokenState, TokenMessage> Gather(IEnumerable<Report> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var locals = new SortedDictionary<ProcessId, LocalReport<TokenState>>();
        var closed = new Dictionary<ChannelId, ChannelReport<TokenMessage>>();
        foreach (var report in reports)
        {
            if (report is LocalReport<TokenState> local) locals[local.Process] = local;
            if (report is ChannelReport<TokenMessage> channel) closed[new(channel.Source, channel.Process)] = channel;
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
            [.. locals.Values.Select(local => new ProcessState<TokenState>(local.Process, local.State))],
            [.. counts.Select(pair => new ChannelState<TokenMessage>(
                pair.Key, pair.Value.Sent, pair.Value.Delivered, Messages(closed.GetValueOrDefault(pair.Key))))]);
    }

    private static ImmutableArray<NumberedMessage<TokenMessage>> Messages(ChannelReport<TokenMessage>? report) =>
        report is null ? [] : [.. report.Messages.Select((message, index) =>
            new NumberedMessage<TokenMessage>(new(report.DeliveredBefore.Value + index + 1), message))];
}
