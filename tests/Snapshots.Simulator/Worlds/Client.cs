namespace Snapshots.Simulator;

/// <summary>
/// Asks one process for one thing after the other, and repeats each request under its key until it is answered. Late
/// copies of a request may still arrive when a later one was answered.
/// </summary>
internal sealed class Client(World world, ProcessHost host)
{
    private const int RepeatMs = 35;

    private readonly List<Operation> _operations = [];
    private int _next;

    public int Unanswered => _operations.Count - _next;

    private int End => Link.FirstClient + host.Number;

    public void Add(Operation operation) => _operations.Add(operation);

    public void Start()
    {
        if (_next == _operations.Count) return;
        var place = _next;
        world.Schedule.At(_operations[place].AtMs, () => Ask(place));
    }

    /// <summary>The answer has come.</summary>
    public void Answer(int key)
    {
        if (_next == _operations.Count || _operations[_next].Key != key) return;
        _next++;
        Start();
    }

    private void Ask(int place)
    {
        if (_next != place) return;
        var operation = _operations[place];
        var target = operation.Other == operation.Process ? default : ProcessNames.Of(operation.Other);
        var request = new LedgerRequest(operation.Key, target, operation.Value);
        world.Network.Send(new(End, host.Number), () => host.Take(request));
        world.Schedule.After(RepeatMs, () => Ask(place));
    }
}
