using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>One snapshot in a line, as the index keeps it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Number">Its number.</param>
/// <param name="Epoch">The epoch of all its reports.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Initiator">The process asked to record first; <c>default</c> until one is chosen.</param>
/// <param name="Timeout">After which time it is aborted.</param>
/// <param name="StartedAt">When it was begun, by the clock of the index's silo.</param>
/// <param name="EndedAt">When it ended, by the clock of the collector's silo; none while it runs.</param>
/// <param name="Processes">Members; 0 while it runs.</param>
/// <param name="Channels">Channels among them; 0 while it runs.</param>
/// <param name="MessagesInTransit">Messages in channels; 0 while it runs.</param>
/// <param name="Reason">Why it was aborted; empty otherwise.</param>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.snapshot-summary")]
public sealed record SnapshotSummary(
    [property: Id(0)] SnapshotId Id,
    [property: Id(1)] SnapshotNumber Number,
    [property: Id(2)] Epoch Epoch,
    [property: Id(3)] SnapshotStatus Status,
    [property: Id(4)] ProcessId Initiator,
    [property: Id(5)] TimeSpan Timeout,
    [property: Id(6)] DateTimeOffset StartedAt,
    [property: Id(7)] DateTimeOffset? EndedAt,
    [property: Id(8)] int Processes,
    [property: Id(9)] int Channels,
    [property: Id(10)] int MessagesInTransit,
    [property: Id(11)] string Reason);
