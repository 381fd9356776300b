namespace Snapshots.Grains;

/// <summary>A process, or what changed of it since its base was written, in the format of the process record codec.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-process")]
public sealed class StoredProcess
{
    /// <summary>The encoded record or difference; empty before the first write.</summary>
    [Id(0)]
    public ReadOnlyMemory<byte> Record { get; set; }

    /// <summary>Of a base: its number. Of a process: the number of the base that the record differs from, 0 if it is whole.</summary>
    [Id(1)]
    public long Base { get; set; }
}
