namespace Snapshots.Detection;

/// <summary>
/// Finds a smallest irreducible part of what is blocked: a set in which each node has fewer targets outside than it
/// needs, and of which no smaller set is like that.
/// </summary>
/// <remarks>
/// <code>
/// every irreducible set that is minimal is strongly connected, so the search begins with one component
/// a component that no edge leaves is irreducible: all blocked targets of its nodes are inside
/// each node needs one inside (AND)          a cycle without a chord is minimal
/// no node can lose a target inside (OR)     the component is minimal
/// else (k of n)                             nodes are removed one by one, while something is left
/// </code>
/// The last step tries each node, so it could take a square of the edges. After <see cref="MaxWork"/> it stops: the
/// witness is then irreducible, and may be larger than necessary.
/// </remarks>
internal sealed class WitnessSearch
{
    private const int MaxWork = 3_000_000;

    private readonly RankedWaits _graph;
    private readonly bool[] _inside;
    private readonly int[] _targetsInside;
    private List<int> _set = [];

    public WitnessSearch(RankedWaits graph, bool[] blocked)
    {
        _graph = graph;
        _inside = (bool[])blocked.Clone();
        _targetsInside = new int[graph.Count];
    }

    /// <summary>Returns the witness that the search from a blocked node leads to.</summary>
    public (WitnessKind Kind, List<int> Witness) Find(int start)
    {
        Restrict(Component.WithoutExit(_graph.Targets, _inside, start));
        if (_set.TrueForAll(node => Required(node) == 1)) Restrict(ChordlessCycle());
        else if (_set.Exists(node => _targetsInside[node] > Required(node))) RemoveOneByOne();
        _set.Sort();
        if (_set.TrueForAll(node => _targetsInside[node] == 1)) return (WitnessKind.Cycle, InOrderOfWaits());
        return (_set.TrueForAll(node => _graph.NeededBy(node) == 1) ? WitnessKind.Knot : WitnessKind.Irreducible, _set);
    }

    /// <summary>How many targets of a node must be blocked for it to be blocked.</summary>
    private int Required(int node) => _graph.Targets.Of(node).Length - _graph.NeededBy(node) + 1;

    private void Restrict(List<int> set)
    {
        foreach (var node in _set) _inside[node] = false;
        if (_set.Count == 0) Array.Clear(_inside);
        _set = set;
        foreach (var node in _set) _inside[node] = true;
        foreach (var node in _set) _targetsInside[node] = CountInside(node);
    }

    private int CountInside(int node)
    {
        var count = 0;
        foreach (var target in _graph.Targets.Of(node)) count += _inside[target] ? 1 : 0;
        return count;
    }

    /// <summary>
    /// A shortest cycle through the first node has no edge that leads on by more than one place. An edge that leads
    /// back closes a cycle of its own; that of the shortest one has no chord.
    /// </summary>
    private List<int> ChordlessCycle()
    {
        var cycle = ShortestCycle(_set.Min());
        var places = new Dictionary<int, int>();
        for (var place = 0; place < cycle.Count; place++) places[cycle[place]] = place;
        var (from, length) = (0, cycle.Count);
        for (var place = 0; place < cycle.Count; place++)
        {
            foreach (var target in _graph.Targets.Of(cycle[place]))
            {
                if (!places.TryGetValue(target, out var back) || back > place || place - back + 1 >= length) continue;
                (from, length) = (back, place - back + 1);
            }
        }

        return cycle.GetRange(from, length);
    }

    private List<int> ShortestCycle(int start)
    {
        var before = new Dictionary<int, int>();
        var queue = new Queue<int>([start]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var target in _graph.Targets.Of(node))
            {
                if (!_inside[target] || !before.TryAdd(target, node)) continue;
                if (target != start)
                {
                    queue.Enqueue(target);
                    continue;
                }

                var cycle = new List<int> { start };
                for (var each = node; each != start; each = before[each]) cycle.Add(each);
                cycle.Reverse(1, cycle.Count - 1);
                return cycle;
            }
        }

        throw new InvalidOperationException("a component in which every node waits has a cycle");
    }

    private void RemoveOneByOne()
    {
        var (work, left) = (0, _set.Count);
        var (removed, needed) = (new List<int>(), new HashSet<int>());
        foreach (var candidate in _set.OrderDescending())
        {
            if (!_inside[candidate] || needed.Contains(candidate)) continue;
            if (work > MaxWork) break;
            removed.Clear();
            work += Remove(candidate, removed);
            if (removed.Count < left)
            {
                left -= removed.Count;
                continue;
            }

            Restore(removed);
            AddNeeded(candidate, needed);
        }

        Restrict(_set.FindAll(node => _inside[node]));
    }

    /// <summary>
    /// Nothing is left without this node. So nothing is left without a target that it cannot lose, and so on.
    /// </summary>
    private void AddNeeded(int node, HashSet<int> needed)
    {
        var toFollow = new Stack<int>([node]);
        needed.Add(node);
        while (toFollow.TryPop(out var each))
        {
            if (_targetsInside[each] > Required(each)) continue;
            foreach (var target in _graph.Targets.Of(each))
            {
                if (_inside[target] && needed.Add(target)) toFollow.Push(target);
            }
        }
    }

    /// <summary>Removes a node and all that is reducible without it. Returns how many edges were followed.</summary>
    private int Remove(int candidate, List<int> removed)
    {
        var work = 1;
        _inside[candidate] = false;
        removed.Add(candidate);
        for (var index = 0; index < removed.Count; index++)
        {
            foreach (var waiter in _graph.Waiters.Of(removed[index]))
            {
                work++;
                if (--_targetsInside[waiter] >= Required(waiter) || !_inside[waiter]) continue;
                _inside[waiter] = false;
                removed.Add(waiter);
            }
        }

        return work;
    }

    private void Restore(List<int> removed)
    {
        foreach (var node in removed)
        {
            _inside[node] = true;
            foreach (var waiter in _graph.Waiters.Of(node)) _targetsInside[waiter]++;
        }
    }

    private List<int> InOrderOfWaits()
    {
        var cycle = new List<int> { _set[0] };
        while (true)
        {
            var next = -1;
            foreach (var target in _graph.Targets.Of(cycle[^1])) next = _inside[target] ? target : next;
            if (next == _set[0]) return cycle;
            cycle.Add(next);
        }
    }
}

/// <summary>Tarjan's search for a strongly connected component (1972), without recursion.</summary>
internal static class Component
{
    /// <summary>
    /// Returns the first component that the search from a node completes: no edge leads out of it to another allowed
    /// node.
    /// </summary>
    public static List<int> WithoutExit(Edges edges, bool[] allowed, int start)
    {
        var (order, lowest, next) = (new int[allowed.Length], new int[allowed.Length], new int[allowed.Length]);
        var (path, open, count) = (new Stack<int>([start]), new List<int>(), 0);
        while (path.TryPeek(out var node))
        {
            if (order[node] == 0)
            {
                order[node] = lowest[node] = ++count;
                open.Add(node);
            }

            var ends = edges.Of(node);
            while (next[node] < ends.Length && (!allowed[ends[next[node]]] || order[ends[next[node]]] != 0))
            {
                var seen = ends[next[node]++];
                if (allowed[seen]) lowest[node] = Math.Min(lowest[node], lowest[seen]);
            }

            if (next[node] < ends.Length)
            {
                path.Push(ends[next[node]]);
                continue;
            }

            if (lowest[node] == order[node]) return open.GetRange(order[node] - 1, open.Count - order[node] + 1);
            path.Pop();
            lowest[path.Peek()] = Math.Min(lowest[path.Peek()], lowest[node]);
        }

        throw new InvalidOperationException("a search from a node completes a component");
    }
}
