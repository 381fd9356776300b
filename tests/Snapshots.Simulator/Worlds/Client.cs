using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Asks one process for one thing after the other, and repeats each request under its key until it is answered; some
/// requests it repeats only when all has come to rest. Late
/// copies of a request may still arrive when a later one was answered. When it learns of a newer epoch, it asks for
/// everything again, from the first request on: the cut of the restore remembers it, or it happens now. It also reads,
/// at any process. What an earlier epoch answers, to a request or to a read, is dropped.
/// </summary>
internal sealed class Client(World world, ProcessHost host)
{
    private const int RepeatMs = 35;
    private const ulong Subject = 200_000;

    private readonly List<Operation> _operations = [];
    private Epoch _epoch = world.Plan.Profile.Epoch;
    private int _next;
    private bool _isSettling;

    public int Unanswered => _operations.Count - _next;

    public int End { get; } = Link.FirstClient + host.Number;

    public void Add(Operation operation) => _operations.Add(operation);

    public void Start()
    {
        if (_next == _operations.Count) return;
        var place = _next;
        var epoch = _epoch;
        world.Schedule.At(_operations[place].AtMs, () => Ask(place, epoch));
    }

    /// <summary>Asks a process for its state.</summary>
    public void Read(ProcessHost target) => world.Network.Send(new(End, target.Number), () =>
        target.Read(epoch => world.Network.Send(new(target.Number, End), () => Takes(target.Id, epoch))));

    /// <summary>All has come to rest: what was given up is asked for again, until it is answered.</summary>
    public void Settle()
    {
        _isSettling = true;
        Start();
    }

    /// <summary>The answer has come.</summary>
    public void Answer(ProcessId process, int key, Epoch epoch)
    {
        if (!Takes(process, epoch)) return;
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

    /// <summary>Whether an answer is taken: it is not of an epoch that is over, as far as the client knows.</summary>
    private bool Takes(ProcessId process, Epoch epoch)
    {
        if (epoch < _epoch)
        {
            world.Sightings.Add(Sighting.DroppedAnswers);
            if (!world.Variant.TakesOldAnswers) return false;
        }

        Learn(epoch);
        world.Record(new AnswerTaken<LedgerState, LedgerMessage>(host.Number, process) { Epoch = epoch });
        return true;
    }

    private void Ask(int place, Epoch epoch)
    {
        if (_next != place || epoch != _epoch) return;
        var operation = _operations[place];
        var target = operation.Other == operation.Process ? default : ProcessNames.Of(operation.Other);
        var request = new LedgerRequest(operation.Key, target, operation.Value) { Epoch = epoch };
        world.Network.Send(new(End, host.Number), () => host.Take(request));
        if (!GivesUp(operation.Key)) world.Schedule.After(RepeatMs, () => Ask(place, epoch));
    }

    private bool GivesUp(int key) =>
        !_isSettling && SplitMix64.For(world.Plan.Seed, Subject + (ulong)key, 0).Chance(world.Plan.Profile.GivesUp);
}
