namespace Snapshots.Grains;

/// <summary>What a collector keeps of its snapshot besides members and reports.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-collector")]
public sealed class StoredCollector
{
    /// <summary>The snapshot; none before the collector was started.</summary>
    [Id(0)]
    public SnapshotSummary? Summary { get; set; }

    /// <summary>The type of the grains that host the members; empty until the members are known.</summary>
    [Id(1)]
    public string GrainType { get; set; } = string.Empty;

    /// <summary>Pages of members that are kept; none until all are.</summary>
    [Id(2)]
    public int MemberPages { get; set; }

    /// <summary>How far it was when it was aborted; none otherwise.</summary>
    [Id(3)]
    public Protocol.CollectionProgress? LastProgress { get; set; }
}
