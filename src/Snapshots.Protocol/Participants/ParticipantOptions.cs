namespace Snapshots.Protocol;

/// <summary>
/// The times and sizes of a participant: when it writes what may wait, repeats reports, rests, and makes a checkpoint.
/// </summary>
public sealed record ParticipantOptions
{
    /// <summary>The options that are used when nothing else is said.</summary>
    public static ParticipantOptions Default { get; } = new();

    /// <summary>Milliseconds between two looks at frames that wait for their acknowledgement (default 250).</summary>
    public int TickMs { get; init; } = 250;

    /// <summary>
    /// Milliseconds after which a process that waits for the end of a snapshot, and for nothing else, ticks, so that
    /// its host keeps it in memory (default 30,000). A process that is deactivated earlier loses nothing.
    /// </summary>
    public int KeepAliveMs { get; init; } = 30_000;

    /// <summary>
    /// Milliseconds for which a process that has nothing left to do stays in the pending-work registry (default
    /// 10,000). A busy process is often without work for a moment, and to enlist is a write.
    /// </summary>
    public int RestMs { get; init; } = 10_000;

    /// <summary>
    /// Milliseconds without work after which a process rests: its directory shard answers snapshots for it, until a
    /// caller, a frame or an ask wakes it. None (the default): it never rests.
    /// </summary>
    public int? RestAfterMs { get; init; }

    /// <summary>
    /// The pauses after which a report that got no receipt is sent again (default 2 s, doubled up to 32 s).
    /// </summary>
    public Backoff ReportPause { get; init; } = new(2000, 32_000);

    /// <summary>
    /// The pauses after which a process that is closed for a restore asks whether it still is (default 2 s, doubled up
    /// to 32 s). It is told so, too, as a rule.
    /// </summary>
    public Backoff GatePause { get; init; } = new(2000, 32_000);

    /// <summary>
    /// Bytes of entries up to which no checkpoint is made (default 32 KiB), unless there are <see cref="MaxEntries"/>
    /// of them.
    /// </summary>
    public int MinCheckpointBytes { get; init; } = 32 * 1024;

    /// <summary>
    /// A checkpoint is made when the entries have so many times its bytes (default 2): more is written less, and read
    /// more.
    /// </summary>
    public int CheckpointFactor { get; init; } = 2;

    /// <summary>The most entries after a checkpoint (default 1024); the next write is a checkpoint.</summary>
    public int MaxEntries { get; init; } = 1024;

    /// <summary>
    /// Bytes of entries from which on a process makes a checkpoint when it leaves (default 4 KiB), so that it is read
    /// quickly.
    /// </summary>
    public int LeaveCheckpointBytes { get; init; } = 4 * 1024;

    /// <summary>
    /// Whether the journal takes entries; one that does not gets a checkpoint with each write (default true).
    /// </summary>
    public bool TakesEntries { get; init; } = true;

    /// <summary>
    /// Which channels get a marker at the cut (default <see cref="MarkerPolicy.Owed"/>).
    /// </summary>
    public MarkerPolicy Markers { get; init; } = MarkerPolicy.Owed;

    /// <summary>
    /// Whether a newcomer records the snapshots that are open (default true). Off only for scripts, in which nothing
    /// but a marker or the script itself starts a recording.
    /// </summary>
    internal bool RecordsWhatIsOpen { get; init; } = true;

    /// <summary>
    /// How long what may be forgotten waits for a step to be written with: what the process was told of snapshots,
    /// receipts, acknowledgements alone. So a process that takes part in a snapshot now and then writes once for each.
    /// </summary>
    internal int LazyWriteMs => Math.Max(TickMs, RestMs / 2);
}
