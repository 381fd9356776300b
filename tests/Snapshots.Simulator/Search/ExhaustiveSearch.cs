using System.Numerics;

namespace Snapshots.Simulator;

/// <summary>
/// Tries every schedule of a case, depth first. A state that was reached before is not gone through again, but the
/// schedules that lead on from it are counted again. A state that leads back to itself would be a schedule without end,
/// and is a failure.
/// </summary>
internal sealed class ExhaustiveSearch(SearchModel model)
{
    private readonly Dictionary<int[], int> _numbers = new(StateComparer.Instance);
    private readonly List<(BigInteger Schedules, int Longest)> _seen = [];
    private readonly List<SearchAction> _path = [];
    private long _transitions;
    private long _cuts;
    private int _ends;

    /// <summary>The failure that was found first; none if every schedule is as it should be.</summary>
    public SearchFailure? Failure { get; private set; }

    /// <summary>Goes through the whole case, or to the first failure.</summary>
    /// <exception cref="InvalidOperationException">The case has more states than a search keeps.</exception>
    public SearchFigures Run()
    {
        var first = Visit(model.Start());
        return new(_seen[first].Schedules, _seen.Count, _transitions, _ends, _seen[first].Longest, _cuts);
    }

    private int Visit(int[] state)
    {
        if (_numbers.TryGetValue(state, out var number))
        {
            if (_seen[number].Longest < 0) Fail(new("ends", "the schedule comes back to a state and never ends"));
            return number;
        }

        number = _seen.Count;
        if (number >= SearchLimits.MaxStates) throw new InvalidOperationException($"more than {SearchLimits.MaxStates} states");
        _numbers.Add(state, number);
        _seen.Add((0, -1));
        var actions = model.ActionsOf(state);
        if (actions.Count == 0)
        {
            _ends++;
            if (model.FindBreachAtEnd(state) is { } breach) Fail(breach);
        }

        _seen[number] = actions.Count == 0 ? (1, 0) : Follow(state, actions);
        return number;
    }

    private (BigInteger Schedules, int Longest) Follow(int[] state, IReadOnlyList<SearchAction> actions)
    {
        if (_path.Count >= SearchLimits.MaxEvents) Fail(new("ends", $"it goes on after {SearchLimits.MaxEvents} events"));
        var (schedules, longest) = (BigInteger.Zero, 0);
        foreach (var action in actions)
        {
            if (Failure is not null) break;
            _transitions++;
            _path.Add(action);
            var next = model.Take(state, action, out var breach);
            _cuts += CountCompleted(next) - CountCompleted(state);
            if (breach is not null)
            {
                Fail(breach);
            }
            else
            {
                var (further, length) = _seen[Visit(next)];
                schedules += further;
                longest = Math.Max(longest, length + 1);
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return (schedules, longest);
    }

    private int CountCompleted(int[] state)
    {
        var count = 0;
        for (var snapshot = 1; snapshot <= model.Layout.Snapshots; snapshot++)
        {
            if (model.CollectorOf(state, snapshot).Phase == CollectorPhase.Completed) count++;
        }

        return count;
    }

    private void Fail(InvariantBreach breach) => Failure ??= new(breach, [.. _path]);
}
