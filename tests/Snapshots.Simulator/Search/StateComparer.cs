using System.Runtime.InteropServices;

namespace Snapshots.Simulator;

/// <summary>Compares states, which are rows of numbers, by all their numbers.</summary>
internal sealed class StateComparer : IEqualityComparer<int[]>
{
    public static StateComparer Instance { get; } = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        var hash = default(HashCode);
        hash.AddBytes(MemoryMarshal.AsBytes(obj.AsSpan()));
        return hash.ToHashCode();
    }
}
