using System.Runtime.InteropServices;

namespace Snapshots.Detection;

/// <summary>
/// Who waits for whom on a cut, for AND, OR and k-of-n requests: a node waits for a number of its targets. Deadlock is
/// found by reduction (Kshemkalyani and Singhal 2008, section 10.3; Barbosa and Benevides 1998): what can act gives all
/// its replies, which lets others act; what is left can never act again.
/// </summary>
/// <remarks>
/// <para>
/// The answer is true of the run if each edge is true of the cut: the waiter is blocked, no reply is in the channel
/// back to it, and the request is in the channel to the target or held by it. A node that waits for a client, a timer
/// or a reminder can act: do not add it as a waiter. A node that does not wait can act.
/// </para>
/// <para>Not thread-safe. Space and time are linear in nodes and edges, but for sorting the nodes.</para>
/// </remarks>
public sealed class WaitGraph
{
    private readonly Dictionary<WaitNode, int> _numbers = [];
    private readonly List<WaitNode> _nodes = [];
    private readonly List<(int Needed, int Start, int End)> _waits = [];
    private readonly List<int> _targets = [];

    /// <summary>Per node, the last waiter that named it, plus one: so a target that is named twice is seen.</summary>
    private readonly List<int> _namedBy = [];

    /// <summary>Adds a node that waits for all of its targets.</summary>
    /// <exception cref="ArgumentException">It waits already, or has no target.</exception>
    public void WaitForAll(WaitNode waiter, params ReadOnlySpan<WaitNode> targets) => Add(waiter, null, targets);

    /// <summary>Adds a node that waits for any one of its targets.</summary>
    /// <exception cref="ArgumentException">It waits already, or has no target.</exception>
    public void WaitForAny(WaitNode waiter, params ReadOnlySpan<WaitNode> targets) => Add(waiter, 1, targets);

    /// <summary>Adds a node that waits for a number of its targets; one that is named twice counts once.</summary>
    /// <exception cref="ArgumentException">
    /// It waits already, or the number is not from 1 to the number of targets.
    /// </exception>
    public void WaitFor(WaitNode waiter, int needed, params ReadOnlySpan<WaitNode> targets) =>
        Add(waiter, needed, targets);

    /// <summary>Finds everything that can never act again, and a witness.</summary>
    public Deadlock FindDeadlock()
    {
        var nodes = _nodes.ToArray();
        var numbers = Enumerable.Range(0, nodes.Length).ToArray();
        Array.Sort(nodes, numbers); // numbers[rank] is the number of the node with that rank.
        var graph = Rank(numbers);
        var blocked = graph.FindBlocked();
        var first = Array.IndexOf(blocked, true);
        if (first < 0) return Deadlock.None;
        var (kind, witness) = new WitnessSearch(graph, blocked).Find(first);
        return new(
            [.. nodes.Where((_, rank) => blocked[rank])], kind, [.. witness.Select(rank => nodes[rank])]);
    }

    private void Add(WaitNode waiter, int? needed, ReadOnlySpan<WaitNode> targets)
    {
        var node = NumberOf(waiter);
        if (_waits[node].Needed != 0) throw new ArgumentException($"{waiter} waits already", nameof(waiter));
        var start = _targets.Count;
        foreach (var target in targets) AddTarget(node, NumberOf(target));
        var count = _targets.Count - start;
        var required = needed ?? count;
        if (required < 1 || required > count)
        {
            foreach (var target in targets) _namedBy[NumberOf(target)] = 0;
            CollectionsMarshal.SetCount(_targets, start);
            throw new ArgumentException($"{waiter} cannot wait for {required} of {count} targets", nameof(needed));
        }

        _waits[node] = (required, start, start + count);
    }

    private int NumberOf(WaitNode node)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, node, out var isKnown);
        if (isKnown) return number;
        number = _nodes.Count;
        _nodes.Add(node);
        _waits.Add(default);
        _namedBy.Add(0);
        return number;
    }

    private void AddTarget(int waiter, int target)
    {
        if (_namedBy[target] == waiter + 1) return;
        _namedBy[target] = waiter + 1;
        _targets.Add(target);
    }

    /// <summary>Returns the graph with ranks in place of numbers: no result depends on the order of adding.</summary>
    private RankedWaits Rank(int[] numbers)
    {
        var ranks = new int[numbers.Length];
        for (var rank = 0; rank < numbers.Length; rank++) ranks[numbers[rank]] = rank;
        var needed = new int[numbers.Length];
        var starts = new int[numbers.Length + 1];
        var targets = new int[_targets.Count];
        for (var rank = 0; rank < numbers.Length; rank++)
        {
            var wait = _waits[numbers[rank]];
            needed[rank] = wait.Needed;
            var next = starts[rank];
            for (var index = wait.Start; index < wait.End; index++) targets[next++] = ranks[_targets[index]];
            starts[rank + 1] = next;
        }

        return new(needed, new Edges(starts, targets).Reverse());
    }
}
