namespace Snapshots.Protocol;

/// <summary>
/// When a part of a collection asks the processes whose reports it awaits. Those whose local states are missing are
/// asked again and again with growing pauses. When all have recorded, the receivers of open channels are asked now and
/// then: a process that was lost after it had received a marker is woken by nothing else.
/// </summary>
internal sealed class AskSchedule(CollectionPace pace, Instant now)
{
    private Instant _last = now;
    private int _rounds;

    /// <summary>The pause before the next round, in milliseconds.</summary>
    public long PauseMs { get; private set; } = pace.FirstAskMs;

    /// <summary>When the next round is due.</summary>
    public Instant DueAt(bool missesLocalStates) => _last.After(missesLocalStates ? PauseMs : pace.Asks.MaxMs);

    /// <summary>A round begins.</summary>
    public void Begin(bool missesLocalStates, Instant now)
    {
        _last = now;
        PauseMs = missesLocalStates ? pace.Asks.PauseMs(_rounds++) : pace.Asks.MaxMs;
    }

    /// <summary>
    /// All have been asked. The pause begins now and is no shorter than the asking was: the reports of many take as
    /// long.
    /// </summary>
    public void End(Instant now)
    {
        PauseMs = Math.Max(PauseMs, Math.Min(now.Milliseconds - _last.Milliseconds, pace.Asks.MaxMs));
        _last = now;
    }
}
