namespace Snapshots.Protocol;

/// <summary>
/// Calls many processes, some at a time, and those that could not be reached again, with growing pauses.
/// </summary>
/// <typeparam name="TWork">A call of one process; equal only to itself.</typeparam>
/// <param name="renew">What a call has become when its turn comes; none if it is no longer wanted.</param>
/// <param name="pause">The pauses between two rounds.</param>
/// <param name="maxRounds">Rounds after which a process that cannot be reached is given up.</param>
internal sealed class Rounds<TWork>(Func<TWork, TWork?> renew, Backoff pause, int maxRounds = int.MaxValue)
    where TWork : class
{
    /// <summary>Processes that are called at the same time.</summary>
    public const int MaxConcurrent = 64;

    private readonly Queue<TWork> _waiting = [];
    private readonly List<TWork> _missed = [];
    private readonly HashSet<TWork> _underWay = new(ReferenceEqualityComparer.Instance);
    private (int Count, TWork First)? _givenUp;
    private int _round;

    /// <summary>When the next round begins; none while one is under way, or none is needed.</summary>
    public Instant? DueAt { get; private set; }

    /// <summary>Whether nothing is left to call.</summary>
    public bool IsDone => _waiting.Count == 0 && _missed.Count == 0 && _underWay.Count == 0;

    /// <summary>Some calls that are not done, in no order.</summary>
    public IEnumerable<TWork> Left => _missed.Concat(_underWay).Concat(_waiting);

    /// <summary>Begins a first round over these. A new loss does not wait for what an old one has left.</summary>
    public void Start(IEnumerable<TWork> calls, Instant now)
    {
        _waiting.Clear();
        _missed.Clear();
        foreach (var call in calls) _waiting.Enqueue(call);
        (_round, DueAt) = (0, _waiting.Count > 0 ? now : null);
    }

    /// <summary>The next call of the round; none when it is not time, or as many as may be are under way.</summary>
    public TWork? Take(Instant now)
    {
        if (DueAt is { } due)
        {
            if (now < due) return null;
            DueAt = null;
        }

        while (_underWay.Count < MaxConcurrent && _waiting.TryDequeue(out var next))
        {
            if (renew(next) is not { } call) continue;
            _underWay.Add(call);
            return call;
        }

        EndRound(now);
        return null;
    }

    /// <summary>A call has ended; a process that was not reached is tried again in the next round.</summary>
    public void Ended(TWork work, bool wasReached, Instant now)
    {
        _underWay.Remove(work);
        if (!wasReached) _missed.Add(work);
        EndRound(now);
    }

    /// <summary>How many processes the last round has given up, and the first of them; once.</summary>
    public (int Count, TWork First)? TakeGivenUp()
    {
        var givenUp = _givenUp;
        _givenUp = null;
        return givenUp;
    }

    private void EndRound(Instant now)
    {
        if (DueAt is not null || _waiting.Count > 0 || _underWay.Count > 0 || _missed.Count == 0) return;
        if (_round >= maxRounds - 1)
        {
            _givenUp = (_missed.Count, _missed[0]);
            _missed.Clear();
            return;
        }

        foreach (var entry in _missed) _waiting.Enqueue(entry);
        _missed.Clear();
        DueAt = now.After(pause.PauseMs(_round++));
    }
}
