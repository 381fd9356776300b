namespace Snapshots.Detection;

/// <summary>The edges of a graph in two arrays: those of node n begin at <c>starts[n]</c>.</summary>
internal sealed class Edges(int[] starts, int[] ends)
{
    public ReadOnlySpan<int> Of(int node) => ends.AsSpan(starts[node], starts[node + 1] - starts[node]);

    /// <summary>The same edges in the other direction, each list in order.</summary>
    public Edges Reverse()
    {
        var reversed = new int[starts.Length];
        foreach (var end in ends) reversed[end + 1]++;
        for (var node = 1; node < reversed.Length; node++) reversed[node] += reversed[node - 1];
        var next = reversed.AsSpan(0, reversed.Length - 1).ToArray();
        var sources = new int[ends.Length];
        for (var node = 0; node < starts.Length - 1; node++)
        {
            foreach (var end in Of(node)) sources[next[end]++] = node;
        }

        return new(reversed, sources);
    }
}

/// <summary>A wait graph whose nodes are ranks in their order.</summary>
/// <param name="needed">How many targets a node waits for; 0 for one that can act.</param>
/// <param name="waiters">Who waits for a node.</param>
internal sealed class RankedWaits(int[] needed, Edges waiters)
{
    public int Count => needed.Length;

    /// <summary>What a node waits for, each list in order.</summary>
    public Edges Targets { get; } = waiters.Reverse();

    public Edges Waiters { get; } = waiters;

    public int NeededBy(int node) => needed[node];

    /// <summary>Reduces the graph: returns which nodes are left, and can never act again.</summary>
    public bool[] FindBlocked()
    {
        var missing = (int[])needed.Clone();
        var canAct = new Queue<int>(Enumerable.Range(0, Count).Where(node => missing[node] == 0));
        while (canAct.TryDequeue(out var node))
        {
            foreach (var waiter in Waiters.Of(node))
            {
                if (--missing[waiter] == 0) canAct.Enqueue(waiter);
            }
        }

        return Array.ConvertAll(missing, each => each > 0);
    }
}
