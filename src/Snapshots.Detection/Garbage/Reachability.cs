using System.Runtime.InteropServices;

namespace Snapshots.Detection;

/// <summary>
/// Which objects can still be used on a cut: the roots, the objects with a message in transit to them, the objects that
/// a message in transit gives to somebody, and whatever one of these refers to. The other objects are garbage.
/// </summary>
/// <remarks>
/// <para>
/// Garbage on a consistent cut is garbage for ever, if an object that is no root acts on messages only and sends only
/// references that it holds. An object that can act by itself, also later by a timer or a client, is a root.
/// </para>
/// <para>Calls may come in any order, and again. Not thread-safe. Linear in objects and references.</para>
/// </remarks>
public sealed class Reachability
{
    private readonly Dictionary<ProcessId, int> _numbers = [];
    private readonly List<ProcessId> _objects = [];
    private readonly List<bool> _isReached = [];
    private readonly List<bool> _isCandidate = [];
    private readonly List<(int From, int To)> _references = [];

    /// <summary>Adds an object that is garbage unless it is reached.</summary>
    public void AddCandidate(ProcessId candidate) => _isCandidate[NumberOf(candidate)] = true;

    /// <summary>Adds an object that can act by itself.</summary>
    public void AddRoot(ProcessId root) => _isReached[NumberOf(root)] = true;

    /// <summary>Adds references that an object holds in its state.</summary>
    public void AddReferences(ProcessId holder, params ReadOnlySpan<ProcessId> targets)
    {
        var from = NumberOf(holder);
        foreach (var target in targets) _references.Add((from, NumberOf(target)));
    }

    /// <summary>Adds a message in transit: its receiver will act, and will hold the references that it gives.</summary>
    public void AddMessage(ProcessId receiver, params ReadOnlySpan<ProcessId> gives)
    {
        AddRoot(receiver);
        foreach (var given in gives) AddRoot(given);
    }

    /// <summary>Returns the candidates that nothing reaches, in order.</summary>
    public ImmutableArray<ProcessId> FindGarbage()
    {
        var starts = new int[_objects.Count + 1];
        foreach (var (from, _) in _references) starts[from + 1]++;
        for (var number = 1; number < starts.Length; number++) starts[number] += starts[number - 1];
        var (next, targets) = (starts.AsSpan(0, _objects.Count).ToArray(), new int[_references.Count]);
        foreach (var (from, to) in _references) targets[next[from]++] = to;

        var references = new Edges(starts, targets);
        var isReached = _isReached.ToArray();
        var toFollow = new Stack<int>(Enumerable.Range(0, isReached.Length).Where(number => isReached[number]));
        while (toFollow.TryPop(out var number))
        {
            foreach (var target in references.Of(number))
            {
                if (isReached[target]) continue;
                isReached[target] = true;
                toFollow.Push(target);
            }
        }

        return [.. _objects.Where((_, number) => _isCandidate[number] && !isReached[number]).Order()];
    }

    private int NumberOf(ProcessId id)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, id, out var isKnown);
        if (isKnown) return number;
        number = _objects.Count;
        _objects.Add(id);
        _isReached.Add(false);
        _isCandidate.Add(false);
        return number;
    }
}
