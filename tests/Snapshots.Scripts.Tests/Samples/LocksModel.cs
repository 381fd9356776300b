using Snapshots.Protocol;
using Snapshots.Samples;

namespace Snapshots.Scripts.Tests;

/// <summary>
/// Workers and locks once more, as plain numbers, with every step that any of them can make. It shares no rule with
/// the application: what it finds is found by trying.
/// </summary>
internal sealed class LocksModel
{
    private readonly int[] _holds;
    private readonly int[] _waits;
    private readonly int[] _holder;
    private readonly List<int>[] _queue;
    private readonly List<char>[][] _toLock;
    private readonly int[][] _grants;
    private int _acquires;

    public LocksModel(int workers, int locks)
    {
        (_holds, _waits, _holder) = (new int[workers], new int[workers], new int[locks]);
        Array.Fill(_holder, -1);
        _queue = [.. Enumerable.Range(0, locks).Select(_ => new List<int>())];
        _toLock = [.. Enumerable.Range(0, workers).Select(_ => new List<char>[locks])];
        foreach (var (worker, held) in Pairs()) _toLock[worker][held] = [];
        _grants = [.. Enumerable.Range(0, workers).Select(_ => new int[locks])];
    }

    private LocksModel(LocksModel other)
        : this(other._holds.Length, other._holder.Length)
    {
        other._holds.CopyTo(_holds, 0);
        other._waits.CopyTo(_waits, 0);
        other._holder.CopyTo(_holder, 0);
        for (var held = 0; held < _queue.Length; held++) _queue[held].AddRange(other._queue[held]);
        foreach (var (worker, held) in Pairs())
        {
            _toLock[worker][held].AddRange(other._toLock[worker][held]);
            _grants[worker][held] = other._grants[worker][held];
        }

        _acquires = other._acquires;
    }

    /// <summary>Reads a cut of the workers A, B, … and the locks L0, L1, ….</summary>
    public static LocksModel Of(GlobalState<LocksState, LocksMessage> cut)
    {
        var states = cut.Processes.ToDictionary(process => process.Id.Value, process => process.State);
        var workers = states.Values.Count(state => state is WorkerState);
        var model = new LocksModel(workers, states.Count - workers);
        foreach (var (id, state) in states)
        {
            var self = Number(id);
            if (state is WorkerState worker)
            {
                model._holds[self] = worker.Holds.Sum(held => 1 << Number(held.Value));
                model._waits[self] = worker.WaitsFor.Sum(held => 1 << Number(held.Value));
            }
            else if (state is LockState held)
            {
                model._holder[self] = held.Holder is { } holder ? Number(holder.Value) : -1;
                model._queue[self].AddRange(held.Queue.Select(each => Number(each.Value)));
            }
        }

        foreach (var channel in cut.Channels)
        {
            var (source, target) = (channel.Channel.Source.Value, channel.Channel.Target.Value);
            foreach (var (_, message) in channel.Messages)
            {
                if (message.Kind == LocksMessageKind.Grant) model._grants[Number(target)][Number(source)]++;
                else model._toLock[Number(source)][Number(target)].Add(
                    message.Kind == LocksMessageKind.Request ? 'q' : 'r');
            }
        }

        return model;
    }

    /// <summary>Returns the workers that no continuation, with a few more acquires, ever lets act.</summary>
    public SortedSet<string> Blocked(int acquires, int maxStates)
    {
        var blocked = Enumerable.Range(0, _holds.Length).ToHashSet();
        _acquires = acquires;
        var (seen, toVisit) = (new HashSet<string> { Key() }, new Stack<LocksModel>([this]));
        while (toVisit.TryPop(out var state))
        {
            blocked.RemoveWhere(worker => state._waits[worker] == 0);
            if (blocked.Count == 0) break;
            foreach (var next in state.Next())
            {
                if (seen.Add(next.Key())) toVisit.Push(next);
            }

            Assert.True(seen.Count < maxStates, "too many states");
        }

        return [.. blocked.Select(Worker)];
    }

    private static string Worker(int worker) => $"{(char)('A' + worker)}";

    private static int Number(string id) => id[0] == 'L' ? id[1] - '0' : id[0] - 'A';

    /// <summary>Every step that can be made now; acquires as long as there are some left.</summary>
    private IEnumerable<LocksModel> Next()
    {
        foreach (var (worker, held) in Pairs())
        {
            var bit = 1 << held;
            if (_toLock[worker][held].Count > 0) yield return With(next => next.DeliverToLock(worker, held));
            if (_grants[worker][held] > 0) yield return With(next => next.DeliverGrant(worker, held));
            if (_waits[worker] != 0) continue;
            if ((_holds[worker] & bit) != 0) yield return With(next => next.Release(worker, held));
            if (_acquires == 0) continue;
            yield return With(next => next.Acquire(worker, bit));
            for (var other = held + 1; other < _holder.Length; other++)
            {
                var both = bit | 1 << other;
                yield return With(next => next.Acquire(worker, both));
            }
        }
    }

    private IEnumerable<(int Worker, int Lock)> Pairs() =>
        from worker in Enumerable.Range(0, _holds.Length)
        from held in Enumerable.Range(0, _holder.Length)
        select (worker, held);

    private LocksModel With(Action<LocksModel> change)
    {
        var next = new LocksModel(this);
        change(next);
        return next;
    }

    private void Release(int worker, int held)
    {
        _holds[worker] &= ~(1 << held);
        _toLock[worker][held].Add('r');
    }

    private void Acquire(int worker, int wanted)
    {
        _acquires--;
        _waits[worker] = wanted;
        for (var held = 0; held < _holder.Length; held++)
        {
            if ((wanted >> held & 1) == 1) _toLock[worker][held].Add('q');
        }
    }

    private void DeliverToLock(int worker, int held)
    {
        var message = _toLock[worker][held][0];
        _toLock[worker][held].RemoveAt(0);
        if (message == 'q') _queue[held].Add(worker);
        else _holder[held] = -1;
        if (_holder[held] >= 0 || _queue[held].Count == 0) return;
        _holder[held] = _queue[held][0];
        _queue[held].RemoveAt(0);
        _grants[_holder[held]][held]++;
    }

    private void DeliverGrant(int worker, int held)
    {
        _grants[worker][held]--;
        if ((_waits[worker] >> held & 1) == 1)
        {
            _waits[worker] = 0;
            _holds[worker] |= 1 << held;
        }
        else
        {
            _toLock[worker][held].Add('r');
        }
    }

    private string Key() => string.Join(
        ';',
        string.Join(',', _holds.Concat(_waits).Concat(_holder).Append(_acquires)),
        string.Join('|', _queue.Select(queue => string.Concat(queue))),
        string.Join('|', Pairs().Select(pair =>
            string.Concat(_toLock[pair.Worker][pair.Lock]) + _grants[pair.Worker][pair.Lock])));
}
