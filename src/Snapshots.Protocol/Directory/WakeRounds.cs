namespace Snapshots.Protocol;

/// <summary>
/// Wakes the processes of a registry, some at a time, and those that could not be reached again, with growing pauses.
/// </summary>
/// <param name="isPending">Whether a process still stands in the registry under that token.</param>
internal sealed class WakeRounds(Func<ProcessId, WorkToken, bool> isPending)
{
    /// <summary>
    /// Rounds after which a process that cannot be reached is left to the next loss: with the pauses, about five
    /// minutes.
    /// </summary>
    public const int MaxRounds = 60;

    /// <summary>Processes that are woken at the same time.</summary>
    public const int MaxConcurrent = 64;

    private static readonly Backoff Pause = new(250, 5_000);

    private readonly Queue<(ProcessId Process, WorkToken Token)> _waiting = [];
    private readonly List<(ProcessId Process, WorkToken Token)> _missed = [];
    private readonly HashSet<WakeWork> _underWay = new(ReferenceEqualityComparer.Instance);
    private (int Count, ProcessId First)? _givenUp;
    private int _round;

    /// <summary>When the next round begins; none while one is under way, or none is needed.</summary>
    public Instant? DueAt { get; private set; }

    /// <summary>Begins a first round over these. A new loss does not wait for what an old one has left.</summary>
    public void Start(IEnumerable<(ProcessId Process, WorkToken Token)> pending, Instant now)
    {
        _waiting.Clear();
        _missed.Clear();
        foreach (var entry in pending) _waiting.Enqueue(entry);
        (_round, DueAt) = (0, _waiting.Count > 0 ? now : null);
    }

    /// <summary>The next wake-up of the round; none when it is not time, or as many as may be are under way.</summary>
    public WakeWork? Take(Instant now)
    {
        if (DueAt is { } due)
        {
            if (now < due) return null;
            DueAt = null;
        }

        while (_underWay.Count < MaxConcurrent && _waiting.TryDequeue(out var next))
        {
            if (!isPending(next.Process, next.Token)) continue;
            var work = new WakeWork(next.Process, next.Token);
            _underWay.Add(work);
            return work;
        }

        EndRound(now);
        return null;
    }

    /// <summary>A wake-up has ended; a process that was not reached is tried again in the next round.</summary>
    public void Ended(WakeWork work, bool wasReached, Instant now)
    {
        _underWay.Remove(work);
        if (!wasReached) _missed.Add((work.Process, work.Token));
        EndRound(now);
    }

    /// <summary>How many processes the last round has given up, and the first of them; once.</summary>
    public (int Count, ProcessId First)? TakeGivenUp()
    {
        var givenUp = _givenUp;
        _givenUp = null;
        return givenUp;
    }

    private void EndRound(Instant now)
    {
        if (DueAt is not null || _waiting.Count > 0 || _underWay.Count > 0 || _missed.Count == 0) return;
        if (_round + 1 >= MaxRounds)
        {
            _givenUp = (_missed.Count, _missed[0].Process);
            _missed.Clear();
            return;
        }

        foreach (var entry in _missed) _waiting.Enqueue(entry);
        _missed.Clear();
        DueAt = now.After(Pause.PauseMs(_round++));
    }
}
