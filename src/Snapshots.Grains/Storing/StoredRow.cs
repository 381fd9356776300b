namespace Snapshots.Grains;

/// <summary>What the storage provider is given: bytes alone, which every serializer keeps as they are.</summary>
[GenerateSerializer]
[Alias("snapshots.stored-row")]
public sealed class StoredRow
{
    /// <summary>
    /// The state, in the form of Orleans's serializer or, of a process, of its record's codec; empty when there is
    /// none.
    /// </summary>
    [Id(0)]
#pragma warning disable CA1819 // An array is what every serializer knows.
    public byte[] Content { get; set; } = [];
#pragma warning restore CA1819
}
