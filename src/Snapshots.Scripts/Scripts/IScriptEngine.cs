using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary>
/// What runs a script: processes that hold tokens (<see cref="TokenApplication"/>) and gated channels, on which a
/// frame waits at the head until it is asked for. All that must be the same on every engine, such as numbers, the
/// order of a drain and expectations, is the business of <see cref="ScriptRunner"/> and not of an engine.
/// </summary>
/// <remarks>
/// <para>
/// The runner calls one operation after another. Each one returns when all that it causes has settled: frames stand
/// in their gates, reports are with whoever gathers them, and when a snapshot has completed every process knows that
/// it ended, also one that is opened later. Only frames are gated; acknowledgements and reports pass at once, and
/// nothing is lost.
/// </para>
/// <para>
/// Channels are directed, and only the opened ones exist. Nobody is asked to record: only <see cref="SnapshotAsync"/>
/// and markers start recordings, at newcomers too. A snapshot's members start as the processes that are open when it
/// begins. An engine runs under <see cref="ScriptLimits.Protocol"/>. Any exception that it throws is a failure of the
/// engine, not of the script.
/// </para>
/// </remarks>
public interface IScriptEngine
{
    /// <summary>The engine's name, as a person asks for it: <c>core</c>.</summary>
    string Name { get; }

    /// <summary>Opens a process that was not opened before and holds that many plain tokens from the start.</summary>
    ValueTask OpenProcessAsync(ProcessId process, long tokens, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a channel that was not opened before, between two open processes; the source puts the markers of what it
    /// has recorded and does not know to have ended on it.
    /// </summary>
    ValueTask OpenChannelAsync(ChannelId channel, CancellationToken cancellationToken);

    /// <summary>
    /// Debits the channel's source and puts a message of plain tokens on the open channel. False, and nothing has
    /// changed, if the source holds less.
    /// </summary>
    ValueTask<bool> SendAsync(ChannelId channel, long amount, CancellationToken cancellationToken);

    /// <summary>
    /// A process initiates a snapshot; nothing happens if it has recorded it, or if it has ended. The first call with
    /// a number begins the snapshot; numbers begin as 1, 2, 3 and so on, and an id always comes with the same number.
    /// </summary>
    ValueTask SnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, ProcessId process, CancellationToken cancellationToken);

    /// <summary>Delivers the frame at the head of an open channel's gate. False if none waits there.</summary>
    ValueTask<bool> DeliverAsync(ChannelId channel, CancellationToken cancellationToken);

    /// <summary>The tokens that an open process holds now.</summary>
    ValueTask<long> ReadTokensAsync(ProcessId process, CancellationToken cancellationToken);

    /// <summary>How far a snapshot that has begun is, and what has been recorded of it.</summary>
    ValueTask<SnapshotReading> ReadSnapshotAsync(
        SnapshotId snapshot, SnapshotNumber number, CancellationToken cancellationToken);
}
