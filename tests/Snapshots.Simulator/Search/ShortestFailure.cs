using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>
/// Looks for the shortest schedule of a case that breaks an invariant, all schedules of one length before any longer
/// one.
/// </summary>
internal sealed class ShortestFailure(SearchModel model)
{
    private readonly Dictionary<int[], (int[]? Before, SearchAction Action)> _reached = new(StateComparer.Instance);

    /// <summary>The failure; none if there is none among so many states.</summary>
    public SearchFailure? Find(int maxStates)
    {
        var start = model.Start();
        var waiting = new Queue<int[]>([start]);
        _reached.Add(start, (null, default));
        while (waiting.TryDequeue(out var state))
        {
            var actions = model.ActionsOf(state);
            if (actions.Count == 0 && model.FindBreachAtEnd(state) is { } atEnd) return new(atEnd, PathTo(state));
            foreach (var action in actions)
            {
                var next = model.Take(state, action, out var breach);
                if (breach is not null) return new(breach, PathTo(state).Add(action));
                if (_reached.Count < maxStates && _reached.TryAdd(next, (state, action))) waiting.Enqueue(next);
            }
        }

        return null;
    }

    private ImmutableArray<SearchAction> PathTo(int[] state)
    {
        var path = new List<SearchAction>();
        while (_reached[state] is { Before: { } before, Action: var action })
        {
            path.Add(action);
            state = before;
        }

        path.Reverse();
        return [.. path];
    }
}
