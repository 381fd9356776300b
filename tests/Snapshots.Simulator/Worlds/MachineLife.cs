using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// One life of a state machine of a collection in memory. Its host lets it take inputs, does its work over network and
/// storage, and answers those who wait when what they changed is durable.
/// </summary>
/// <typeparam name="TWork">What the machine hands out.</typeparam>
internal abstract class MachineLife<TWork>(World world, IStateMachine<TWork> machine)
    where TWork : class
{
    /// <summary>What is due later, such as a timeout of an hour, does not come in a run.</summary>
    private const long MaxTimerMs = 20_000;

    private readonly List<(long Revision, Action Answer)> _waiting = [];
    private long _timerAtMs = long.MaxValue;

    public bool IsDead { get; private set; }

    protected World World { get; } = world;

    public void Die() => IsDead = true;

    /// <summary>Takes an input and does the work that there is then.</summary>
    public void Go(Action input)
    {
        if (IsDead) return;
        input();
        Run();
    }

    protected void Run()
    {
        while (!IsDead && machine.TakeWork(World.Now) is { } work) Do(work);
        if (IsDead) return;
        Answer();
        if (machine.IsOver)
        {
            Die();
            return;
        }

        Stepped();
        if (machine.DueAt is not { } due || due.Milliseconds >= _timerAtMs || due.Milliseconds > MaxTimerMs) return;
        var at = _timerAtMs = Math.Max(due.Milliseconds, World.Schedule.NowMs + 1);
        World.Schedule.At(at, () =>
        {
            if (_timerAtMs == at) _timerAtMs = long.MaxValue;
            Go(static () => { });
        });
    }

    /// <summary>
    /// Answers a call once all that was put in by now is durable. A life that ends before answers nothing.
    /// </summary>
    protected void AnswerWhenDurable(Action answer) => _waiting.Add((machine.Revision, answer));

    protected abstract void Do(TWork work);

    protected virtual void Stepped()
    {
    }

    private void Answer()
    {
        foreach (var (_, answer) in _waiting.Where(each => each.Revision <= machine.DurableRevision).ToList()) answer();
        _waiting.RemoveAll(each => each.Revision <= machine.DurableRevision);
    }
}

/// <summary>A row that one machine writes, and what it holds.</summary>
/// <typeparam name="T">What it holds.</typeparam>
internal sealed class MachineRow<T>(int number)
    where T : class
{
    public StoredRow Row { get; } = new(number);

    /// <summary>What is stored; none if the row does not exist.</summary>
    public T? Value { get; set; }
}
