using CsCheck;

namespace Snapshots.Detection.Tests;

/// <summary>A wait graph of a few nodes, with the definitions that the detector is compared with.</summary>
internal sealed class SmallWaits(ImmutableArray<(int Needed, ImmutableSortedSet<int> Targets)> nodes)
{
    private const int MaxNodes = 8;

    /// <summary>Nodes that can act (none needed), and AND, OR and k-of-n waits.</summary>
    public static Gen<SmallWaits> Gen { get; } =
        from count in CsCheck.Gen.Int[1, MaxNodes]
        from density in CsCheck.Gen.Int[1, 4]
        from nodes in (
            from targets in CsCheck.Gen.Int[0, count - 1].Array[0, density].Select(all => all.ToImmutableSortedSet())
            from kind in CsCheck.Gen.Int[0, 9]
            from needed in CsCheck.Gen.Int[1, MaxNodes]
            select (Needed: kind switch
            {
                0 => 0,
                < 4 => targets.Count,
                < 7 => Math.Min(1, targets.Count),
                _ => Math.Min(needed, targets.Count),
            }, targets)).Array[count]
        select new SmallWaits([.. nodes]);

    public int Count => nodes.Length;

    public (int Needed, ImmutableSortedSet<int> Targets) this[int node] => nodes[node];

    /// <summary>A name of its own for each; the order of names is not that of numbers.</summary>
    public static WaitNode Name(int node) => new(new($"p{(node * 5 + 3) % 8}"), node % 2 == 0 ? string.Empty : "r");

    public static int Number(WaitNode node) => Enumerable.Range(0, MaxNodes).Single(each => Name(each) == node);

    public WaitGraph ToGraph(IEnumerable<int> order)
    {
        var graph = new WaitGraph();
        foreach (var node in order)
        {
            var (needed, targets) = nodes[node];
            if (needed > 0) graph.WaitFor(Name(node), needed, [.. targets.Select(Name)]);
        }

        return graph;
    }

    /// <summary>Whether nobody in a set ever acts, whatever all others do.</summary>
    public bool IsIrreducible(IReadOnlySet<int> set) => set.Count > 0 && set.All(node =>
        nodes[node].Targets.Count(target => !set.Contains(target)) < nodes[node].Needed);

    /// <summary>All subsets: what is in some irreducible set.</summary>
    public SortedSet<int> BlockedBySubsets()
    {
        var blocked = new SortedSet<int>();
        for (var bits = 1; bits < 1 << Count; bits++)
        {
            var set = Members(bits).ToHashSet();
            if (IsIrreducible(set)) blocked.UnionWith(set);
        }

        return blocked;
    }

    /// <summary>All executions: what acts in none. In each step one node that has enough replies acts.</summary>
    public SortedSet<int> BlockedByExecutions()
    {
        var (seen, toVisit, acted) = (new HashSet<int> { 0 }, new Stack<int>([0]), 0);
        while (toVisit.TryPop(out var done))
        {
            acted |= done;
            foreach (var node in Enumerable.Range(0, Count))
            {
                var replies = nodes[node].Targets.Count(target => (done >> target & 1) == 1);
                if (replies >= nodes[node].Needed && seen.Add(done | 1 << node)) toVisit.Push(done | 1 << node);
            }
        }

        return [.. Members(~acted)];
    }

    public static IEnumerable<HashSet<int>> ProperSubsets(IReadOnlyList<int> set) =>
        Enumerable.Range(1, (1 << set.Count) - 2).Select(bits =>
            set.Where((_, index) => (bits >> index & 1) == 1).ToHashSet());

    private IEnumerable<int> Members(int bits) => Enumerable.Range(0, Count).Where(node => (bits >> node & 1) == 1);
}
