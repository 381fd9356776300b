using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Whom a collector asks to record, and when: the initiator at once, so that the markers do the work where they reach; then whoever
/// is missing, since the graph need not be connected, again and again with growing pauses. When all have recorded, now and then those
/// from whom channel states are waited for: one that was lost after it had received a marker is woken by nobody else.
/// </summary>
internal sealed class AskSchedule(TimeProvider time)
{
    /// <summary>How long the answers of one group are waited for before the next group is asked.</summary>
    public static readonly TimeSpan MaxWaitForAnswers = TimeSpan.FromMilliseconds(250);

    /// <summary>To which the pauses grow.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private long _lastAsked = time.GetTimestamp();
    private bool _initiatorAsked;

    /// <summary>When all who are missing began to be asked; none while nobody is asked, or the initiator alone.</summary>
    private long? _roundBegan;

    /// <summary>How long to wait for reports before asking again.</summary>
    public TimeSpan Pause { get; private set; } = FirstPause;

    /// <summary>Who is to be asked now; <see cref="Asked"/> is to be called when that is done.</summary>
    /// <param name="initiator">Who is asked first.</param>
    /// <param name="missing">Whose local states have not come.</param>
    /// <param name="receivers">From whom channel states are waited for, once no local state is missing.</param>
    public IReadOnlyList<ProcessId> Next(ProcessId initiator, IReadOnlyCollection<ProcessId> missing, IEnumerable<ProcessId> receivers)
    {
        var sinceLast = time.GetElapsedTime(_lastAsked);
        if (missing.Count > 0 && !_initiatorAsked)
        {
            _initiatorAsked = true;
            _lastAsked = time.GetTimestamp();
            return [missing.Contains(initiator) ? initiator : missing.First()];
        }

        if (sinceLast < (missing.Count > 0 ? Pause : MaxPause)) return [];
        _lastAsked = time.GetTimestamp();
        if (missing.Count == 0)
        {
            Pause = MaxPause;
            return [.. receivers];
        }

        Pause = Pause * 2 < MaxPause ? Pause * 2 : MaxPause;
        _roundBegan = _lastAsked;
        return [.. missing];
    }

    /// <summary>
    /// All have been asked. The pause begins now, and is no shorter than the asking was: the reports of many take as long. An initiator
    /// that does not answer holds nobody else up.
    /// </summary>
    public void Asked()
    {
        if (_roundBegan is not { } began) return;
        _roundBegan = null;
        var took = time.GetElapsedTime(began);
        if (took > Pause) Pause = took < MaxPause ? took : MaxPause;
        _lastAsked = time.GetTimestamp();
    }
}
