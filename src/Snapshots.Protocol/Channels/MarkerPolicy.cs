namespace Snapshots.Protocol;

/// <summary>
/// Which channels get a marker at the cut of their source. Cuts are consistent with either; processes of both kinds can
/// take part in one snapshot.
/// </summary>
public enum MarkerPolicy
{
    /// <summary>
    /// Every channel, at once: the marker-sending rule of Chandy and Lamport (1985, section 3.1). A marker alone makes
    /// the next process record, so a snapshot spreads over the graph by itself.
    /// </summary>
    EveryChannel,

    /// <summary>
    /// At once only where a message is unacknowledged. Elsewhere the marker is owed: it goes in front of the next
    /// message, or never. A snapshot costs what is in transit, and a collection asks each process to record.
    /// </summary>
    Owed,
}
