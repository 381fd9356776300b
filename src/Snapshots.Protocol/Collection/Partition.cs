namespace Snapshots.Protocol;

/// <summary>
/// Splits processes evenly and for good, so that each of several grains keeps a bounded part of them: FNV-1a over the
/// characters of the id. What is together in a partition is together in every one whose count divides it.
/// </summary>
/// <param name="Count">Into how many parts; at least 1.</param>
public readonly record struct Partition(int Count)
{
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;

    /// <summary>
    /// How the members of a snapshot are split into the parts of its collection: the same for every snapshot, so that a
    /// report is routed by the hash of its process alone. With 4 parts a snapshot of ten processes hardly costs more
    /// than with one; with 16 it costs four times as much.
    /// </summary>
    public static Partition OfCollections { get; } = new(4);

    /// <summary>The part that a process belongs to, 0 … <see cref="Count"/> − 1.</summary>
    public int PartOf(ProcessId process) => (int)(Hash(process) % (uint)Count);

    /// <summary>Spreads processes evenly over all numbers.</summary>
    public static uint Hash(ProcessId process)
    {
        var hash = FnvOffset;
        foreach (var character in process.Value) hash = unchecked((hash ^ character) * FnvPrime);
        return hash;
    }
}
