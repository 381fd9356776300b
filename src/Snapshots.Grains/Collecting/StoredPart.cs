namespace Snapshots.Grains;

/// <summary>What one part of a collection keeps besides members and reports.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-part")]
public sealed class StoredPart
{
    /// <summary>The epoch of the snapshot.</summary>
    [Id(0)]
    public long Epoch { get; set; }

    /// <summary>Into how many parts the collection is split; 0 until this part has its members.</summary>
    [Id(1)]
    public int Parts { get; set; }

    /// <summary>The type of the grains that host the members; empty while there is none.</summary>
    [Id(2)]
    public string GrainType { get; set; } = string.Empty;

    /// <summary>Pages of members that are kept.</summary>
    [Id(3)]
    public int MemberPages { get; set; }
}
