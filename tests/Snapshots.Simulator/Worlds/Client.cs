using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Asks one process for one thing after the other, and repeats each request under its key until it is answered. Late
/// copies of a request may still arrive when a later one was answered. When it learns of a newer epoch, it asks for
/// everything again, from the first request on: the cut of the restore remembers it, or it happens now. What an earlier
/// epoch answers is dropped.
/// </summary>
internal sealed class Client(World world, ProcessHost host)
{
    private const int RepeatMs = 35;

    private readonly List<Operation> _operations = [];
    private Epoch _epoch = world.Plan.Profile.Epoch;
    private int _next;

    public int Unanswered => _operations.Count - _next;

    private int End => Link.FirstClient + host.Number;

    public void Add(Operation operation) => _operations.Add(operation);

    public void Start()
    {
        if (_next == _operations.Count) return;
        var place = _next;
        var epoch = _epoch;
        world.Schedule.At(_operations[place].AtMs, () => Ask(place, epoch));
    }

    /// <summary>The answer has come.</summary>
    public void Answer(int key, Epoch epoch)
    {
        Learn(epoch);
        if (epoch < _epoch) return;
        if (_next == _operations.Count || _operations[_next].Key != key) return;
        _next++;
        Start();
    }

    /// <summary>Somebody lives in that epoch.</summary>
    public void Learn(Epoch epoch)
    {
        if (epoch <= _epoch) return;
        (_epoch, _next) = (epoch, 0);
        Start();
    }

    private void Ask(int place, Epoch epoch)
    {
        if (_next != place || epoch != _epoch) return;
        var operation = _operations[place];
        var target = operation.Other == operation.Process ? default : ProcessNames.Of(operation.Other);
        var request = new LedgerRequest(operation.Key, target, operation.Value) { Epoch = epoch };
        world.Network.Send(new(End, host.Number), () => host.Take(request));
        world.Schedule.After(RepeatMs, () => Ask(place, epoch));
    }
}
