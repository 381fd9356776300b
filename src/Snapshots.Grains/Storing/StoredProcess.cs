namespace Snapshots.Grains;

/// <summary>A process as its storage keeps it, in the format of the process record codec.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-process")]
public sealed class StoredProcess
{
    /// <summary>The encoded record; empty before the first write.</summary>
    [Id(0)]
    public ReadOnlyMemory<byte> Record { get; set; }
}
