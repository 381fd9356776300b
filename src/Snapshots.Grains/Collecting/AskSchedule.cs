using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Whom a collector asks to record, and when: the initiator at once, so that the markers do the work where they reach; then whoever
/// is missing, since the graph need not be connected, again and again with growing pauses.
/// </summary>
internal sealed class AskSchedule(TimeProvider time)
{
    /// <summary>How long the answers of one group are waited for before the next group is asked.</summary>
    public static readonly TimeSpan MaxWaitForAnswers = TimeSpan.FromMilliseconds(250);

    /// <summary>To which the pauses grow.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private long _lastAsked;
    private bool _initiatorAsked;

    /// <summary>How long to wait for reports before asking again.</summary>
    public TimeSpan Pause { get; private set; } = FirstPause;

    public IReadOnlyList<ProcessId> Next(ProcessId initiator, IReadOnlyCollection<ProcessId> missing)
    {
        if (missing.Count == 0) return [];
        if (!_initiatorAsked)
        {
            _initiatorAsked = true;
            _lastAsked = time.GetTimestamp();
            return [missing.Contains(initiator) ? initiator : missing.First()];
        }

        if (time.GetElapsedTime(_lastAsked) < Pause) return [];
        _lastAsked = time.GetTimestamp();
        Pause = Pause * 2 < MaxPause ? Pause * 2 : MaxPause;
        return [.. missing];
    }
}
