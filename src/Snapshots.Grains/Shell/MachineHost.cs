using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Runs a state machine of the core in its grain: does its work, wakes it when it is due, answers callers when what
/// they changed is durable, and ends the activation when the machine is over. Used from the grain's scheduler only.
/// </summary>
/// <typeparam name="TWork">What the machine hands out.</typeparam>
internal sealed class MachineHost<TWork>
    where TWork : class
{
    /// <summary>A timer is set again at least so often, so that no span is too long for it.</summary>
    private const long MaxPauseMs = 60_000;

    private readonly Grain _grain;
    private readonly TimeProvider _time;
    private readonly IStateMachine<TWork> _machine;
    private readonly long _startedAt;
    private readonly DurabilityWaiters _waiters = new();
    private readonly IGrainTimer _timer;
    private readonly Func<TWork, Task> _perform;
    private readonly Action _deactivate;
    private Instant? _timerAt;
    private bool _isTaking;

    /// <summary>Runs a machine.</summary>
    /// <param name="grain">The grain; activated.</param>
    /// <param name="time">The time.</param>
    /// <param name="startedAt">The timestamp of <see cref="Instant"/> 0.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="perform">
    /// Does a piece, at the same time as others, and tells the machine how it ended. It does not throw. The machine
    /// knows which pieces exclude each other.
    /// </param>
    /// <param name="deactivate">Ends the activation once no call is running.</param>
    public MachineHost(
        Grain grain,
        TimeProvider time,
        long startedAt,
        IStateMachine<TWork> machine,
        Func<TWork, Task> perform,
        Action deactivate)
    {
        (_grain, _time, _startedAt, _machine, _perform, _deactivate) = (grain, time, startedAt, machine, perform, deactivate);
        _timer = grain.RegisterGrainTimer(
            _ => Due(), new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    /// <summary>The time of the machine.</summary>
    public Instant Now => At(_time, _startedAt);

    /// <summary>Called after each step of the machine; none if nothing waits for it.</summary>
    public Action? Stepped { get; init; }

    /// <summary>The time since a timestamp.</summary>
    public static Instant At(TimeProvider time, long startedAt) => new((long)time.GetElapsedTime(startedAt).TotalMilliseconds);

    /// <summary>
    /// Completes with a result when all that was put in by now is durable; fails if the machine is over before.
    /// </summary>
    public Task<TResult> DurableAsync<TResult>(TResult result)
    {
        var task = _waiters.WaitAsync(_machine.Revision, result);
        Poke();
        return task;
    }

    /// <summary>To be called after each input that is not answered by <see cref="DurableAsync"/>.</summary>
    public void Poke()
    {
        if (_isTaking) return; // A piece that was done at once: the loop below goes on.
        _isTaking = true;
        while (_machine.TakeWork(Now) is { } work) _ = PerformAsync(work);
        _isTaking = false;
        Step();
    }

    /// <summary>The activation ends: those who wait are told so.</summary>
    public void Stop()
    {
        _timer.Dispose();
        _waiters.Fail(new InvalidOperationException($"{_grain} ends; call again"));
    }

    private async Task PerformAsync(TWork work)
    {
        await _perform(work);
        Poke();
    }

    private Task Due()
    {
        _timerAt = null;
        Poke();
        return Task.CompletedTask;
    }

    private void Step()
    {
        _waiters.Release(_machine.DurableRevision);
        Stepped?.Invoke();
        if (_machine.IsOver)
        {
            _waiters.Fail(new InvalidOperationException($"{_grain} starts again from what is stored: call again"));
            _deactivate();
            return;
        }

        if (_machine.DueAt == _timerAt) return;
        _timerAt = _machine.DueAt;
        var pauseMs = _timerAt is { } dueAt ? Math.Clamp(dueAt.Milliseconds - Now.Milliseconds, 0, MaxPauseMs) : Timeout.Infinite;
        _timer.Change(TimeSpan.FromMilliseconds(pauseMs), Timeout.InfiniteTimeSpan);
    }
}
