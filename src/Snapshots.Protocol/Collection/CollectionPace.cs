namespace Snapshots.Protocol;

/// <summary>
/// The pauses and batch sizes of index, collectors and parts. They decide what a snapshot costs, never what it says.
/// </summary>
public sealed record CollectionPace
{
    /// <summary>The pace of a silo.</summary>
    public static CollectionPace Default { get; } = new();

    /// <summary>
    /// How often the index looks that the collectors of open snapshots run, and tries again to delete, in milliseconds.
    /// </summary>
    public long SuperviseMs { get; init; } = 1000;

    /// <summary>The pauses before a call that failed is tried again.</summary>
    public Backoff Retries { get; init; } = new(100, 1000);

    /// <summary>The pauses before a shard is asked again how far it is with a restore.</summary>
    public Backoff Orders { get; init; } = new(10, 200);

    /// <summary>
    /// How long the markers are given before a part asks processes itself, in milliseconds: the graph need not be
    /// connected. 0 where markers are owed: few travel.
    /// </summary>
    public long FirstAskMs { get; init; } = 20;

    /// <summary>
    /// The pauses before processes are asked again: asking is lost work while their reports are on the way.
    /// </summary>
    public Backoff Asks { get; init; } = new(200, 1000);

    /// <summary>
    /// How long a message in transit to a process at rest is given to wake it, before it is looked up which one it is, in
    /// milliseconds.
    /// </summary>
    public long ResolveMs { get; init; } = 1000;

    /// <summary>Processes that one part asks at the same time.</summary>
    public int AsksAtATime { get; init; } = 512;

    /// <summary>
    /// How often a part looks whether its snapshot has ended, and for pages of a stale activation, in milliseconds.
    /// </summary>
    public long LookMs { get; init; } = 1000;

    /// <summary>Members in one stored page.</summary>
    public int MembersPerPage { get; init; } = 1000;

    /// <summary>
    /// Reports in one stored page, at most: processes at rest bring many at once.
    /// </summary>
    public int ReportsPerPage { get; init; } = 1000;

    /// <summary>
    /// About how many bytes of reports one stored page has at most (default 4 MiB); a larger report has its own.
    /// </summary>
    public long BytesPerPage { get; init; } = 4 << 20;

    /// <summary>Counts that one part tells another one in one answer.</summary>
    public int CountsPerPage { get; init; } = 4096;

    /// <summary>
    /// Below this many milliseconds between them a collector does not store how long it has run, but only when it
    /// starts and ends.
    /// </summary>
    public long MinElapsedStepMs { get; init; } = 250;
}
