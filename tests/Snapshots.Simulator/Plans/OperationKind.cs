namespace Snapshots.Simulator;

/// <summary>What can be done to a simulated system from outside.</summary>
internal enum OperationKind
{
    /// <summary>
    /// A client asks <c>Process</c> to pay <c>Other</c>, or to take a deposit if that is the process itself.
    /// </summary>
    Request,

    /// <summary><c>Process</c> opens its channel to <c>Other</c> without a message.</summary>
    OpenChannel,

    /// <summary>
    /// A snapshot begins at <c>Process</c>; it times out after <c>DurationMs</c>, or never if that is 0.
    /// </summary>
    BeginSnapshot,

    /// <summary>A person aborts the snapshot with number <c>Value</c>.</summary>
    AbortSnapshot,

    /// <summary>A person deletes the snapshot with number <c>Value</c> once it has ended.</summary>
    DeleteSnapshot,

    /// <summary><c>Process</c> crashes, and comes back after <c>DurationMs</c>.</summary>
    Crash,

    /// <summary>
    /// The next channel state that <c>Process</c> reports is lost, and the process with it, for <c>DurationMs</c>.
    /// </summary>
    CrashWithReport,

    /// <summary>The collector of the snapshot with number <c>Value</c> crashes, or a part of it.</summary>
    CrashCollector,

    /// <summary>
    /// <c>Process</c> crashes at its next write of frames: before the write takes effect if <c>Value</c> is odd, else
    /// when it is stored and nothing of it is performed. It comes back after <c>DurationMs</c>.
    /// </summary>
    CrashAtWrite,

    /// <summary>
    /// The directory shard with number <c>Value</c> is lost, and can be reached again after <c>DurationMs</c>.
    /// </summary>
    CrashShard,

    /// <summary>
    /// A second activation of the directory shard with number <c>Value</c> starts while the first goes on.
    /// </summary>
    DuplicateShard,

    /// <summary>A second activation of <c>Process</c> starts while the first goes on.</summary>
    Duplicate,

    /// <summary>What <c>Process</c> sends to <c>Other</c> waits for <c>DurationMs</c>.</summary>
    Clog,

    /// <summary>What <c>Process</c> sends to <c>Other</c> is lost for <c>DurationMs</c>.</summary>
    Cut,

    /// <summary>A frame of an older epoch comes from <c>Process</c> to <c>Other</c>.</summary>
    OldFrame,

    /// <summary>An acknowledgement of an older epoch comes to <c>Process</c> from <c>Other</c>.</summary>
    OldAcknowledgement,

    /// <summary>
    /// The newest completed snapshot is restored, or the oldest if <c>Value</c> is odd; without a safety snapshot if
    /// <c>Value</c> divided by 2 is odd.
    /// </summary>
    Restore,

    /// <summary>A person aborts the newest restore.</summary>
    AbortRestore,

    /// <summary>The index crashes.</summary>
    CrashIndex,

    /// <summary>The client of <c>Other</c> asks for the state of <c>Process</c>.</summary>
    Read,

    /// <summary>A report of an older epoch comes from <c>Process</c> to the collector of the newest snapshot.</summary>
    OldReport,

    /// <summary>
    /// <c>Process</c> crashes, and its journal is damaged; it can be reached again after <c>DurationMs</c>. <c>Value</c>
    /// says how, and which part of the journal.
    /// </summary>
    Damage,

    /// <summary>
    /// A second activation of <c>Process</c> starts, and the first one goes on without storage and network: it only
    /// reads, so no write that fails tells it that it is stale.
    /// </summary>
    LeaveReader,
}
