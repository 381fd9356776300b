using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>How snapshots are hosted in a silo. Checked at start-up, one sentence a rule.</summary>
public sealed class SnapshotsOptions
{
    /// <summary>The name of the stream provider that <c>AddSnapshots</c> adds.</summary>
    public const string StreamProvider = "snapshots";

    /// <summary>
    /// The grain storage provider that keeps processes, directory and snapshots (default <c>snapshots</c>).
    /// </summary>
    public string StorageName { get; set; } = "snapshots";

    /// <summary>The bounds of the protocol core.</summary>
    public ProtocolLimits Limits { get; set; } = ProtocolLimits.Default;

    /// <summary>
    /// How long a hand-made request key is recognised (default 7 days, at most 3650); after that it names a new
    /// request. It takes the place of <see cref="RequestLimits.KeyRetentionMs"/> in <see cref="Limits"/>. A longer time
    /// protects later repeats, and lets each process store more keys.
    /// </summary>
    public TimeSpan KeyRetention { get; set; } = TimeSpan.FromMilliseconds(RequestLimits.Default.KeyRetentionMs);

    /// <summary>
    /// Snapshots that may be open at a time (default 32). Each costs every process a copy of its state until it ends.
    /// It must not be above <see cref="ProtocolLimits.MaxOpenRecordings"/>.
    /// </summary>
    public int MaxOpenSnapshots { get; set; } = 32;

    /// <summary>
    /// Ended snapshots that are kept (default 1000). When one more is begun, the oldest ended one is deleted. More cost
    /// storage, and time when the index is written.
    /// </summary>
    public int KeepSnapshots { get; set; } = 1000;

    /// <summary>
    /// What the reports of all kept snapshots may take in the storage, about, in bytes (default 4 GiB). Above that the
    /// oldest ended ones are deleted, but never a pinned one or the newest completed one. A snapshot of busy processes
    /// takes up to 24 KiB for each of them, since the memory of request keys is a part of it.
    /// </summary>
    public long KeepSnapshotBytes { get; set; } = 4L << 30;

    /// <summary>
    /// How many processes messages may bring into being (default 10,000): each is in every snapshot for ever. They
    /// count also once they are used. Above that <see cref="ProcessGrain{TState, TMessage}.IsReachableAsync"/> is false
    /// for processes that are not registered. The shards of the directory have equal parts of it, rounded up. Messages
    /// that were under way when a part was used up still arrive.
    /// </summary>
    public int MaxProcessesByMessage { get; set; } = 10_000;

    /// <summary>
    /// How long a caller waits for room in a channel whose window is full before it gets a
    /// <see cref="ChannelFullException"/> (default 10 seconds).
    /// </summary>
    public TimeSpan MaxWaitForRoom { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Callers that may wait for room at one process (default 1024); one more is refused at once.</summary>
    public int MaxWaitersForRoom { get; set; } = 1024;

    /// <summary>
    /// Number of stream queues (default 8). More spread the load over more pulling agents; each polls, so more cost
    /// idle time. All silos of a cluster must use the same number.
    /// </summary>
    public int StreamQueues { get; set; } = 8;

    /// <summary>How often an idle pulling agent looks for frames (default 10 ms): the latency of a frame on an idle
    /// system. Half of it doubles what an idle silo costs, and makes a busy one no faster.</summary>
    public TimeSpan StreamPollPeriod { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Frames and acknowledgements that one stream event carries at most (default 256).</summary>
    public int MaxFramesPerPacket { get; set; } = 256;

    /// <summary>
    /// Whether collections ask processes to record, and newcomers record what is open (default true). Off, only calls
    /// of <see cref="ISnapshotProcess.RecordAsync"/> and markers start recordings: for scripts that fix every
    /// interleaving, and for nothing else, since a snapshot then waits for ever for a process that no marker reaches.
    /// Every channel gets a marker then.
    /// </summary>
    public bool AskProcesses { get; set; } = true;

    /// <summary>
    /// Which channels get a marker at the cut of a process (default <see cref="MarkerPolicy.Owed"/>: those on which a
    /// message is under way; on another one it goes in front of the next message). Silos of one cluster may differ.
    /// </summary>
    public MarkerPolicy Markers { get; set; } = MarkerPolicy.Owed;

    /// <summary>
    /// How long a process that has nothing left to do stays listed in the directory among those that are woken after a
    /// loss (default 10 seconds). Longer saves writes of processes that are busy now and then; a listing in vain costs
    /// one activation after a loss. After half of it a process writes what it would otherwise write with its next step,
    /// and may forget: that a snapshot has ended, that a frame was acknowledged.
    /// </summary>
    public TimeSpan RestBeforeListingEnds { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a process has nothing to do before it rests (default 1 minute; at most <see cref="MaxRestAfter"/>; null:
    /// never). At rest, its directory shard answers snapshots for it: it is neither asked, nor activated, nor written. To
    /// rest costs one write of the process and of its shard; the first caller or frame after it waits for another one of
    /// each. A process that its silo deactivates before that rests at once. One whose
    /// report takes more than 64 KiB does not rest. Processes rest only where
    /// <see cref="Markers"/> are owed. Silos of one cluster may differ.
    /// </summary>
    public TimeSpan? RestAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest <see cref="RestAfter"/>.</summary>
    public static readonly TimeSpan MaxRestAfter = TimeSpan.FromDays(1);

    /// <summary>Processes that one part of a collection asks to record at the same time (default 512).</summary>
    public int MaxConcurrentAsks { get; set; } = 512;

    /// <summary>
    /// Events that each process keeps in memory for pictures of a cut (default 0: none; at most
    /// <see cref="FlightRecorder.MaxCapacity"/>): messages sent and delivered, snapshots recorded. They travel and are
    /// stored with its part of each snapshot, at about 24 bytes and the name of the other process for each. Silos of
    /// one cluster may differ.
    /// </summary>
    public int FlightRecorderEvents { get; set; }

    internal bool RestsProcesses => RestAfter is not null && AskProcesses && Markers == MarkerPolicy.Owed;

    internal ProtocolLimits ToProtocolLimits() => Limits with
    {
        Requests = Limits.Requests with { KeyRetentionMs = (long)KeyRetention.TotalMilliseconds },
    };
}
