namespace Snapshots.Grains;

/// <summary>What a collector keeps of its snapshot; members and reports are kept by its parts.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-collector")]
public sealed class StoredCollector
{
    /// <summary>The snapshot; none before the collector was started.</summary>
    [Id(0)]
    public SnapshotSummary? Summary { get; set; }

    /// <summary>Into how many parts it is split; 0 until that is decided.</summary>
    [Id(1)]
    public int Parts { get; set; }

    /// <summary>How far it was when it was aborted; none otherwise.</summary>
    [Id(2)]
    public Protocol.CollectionProgress? LastProgress { get; set; }
}
