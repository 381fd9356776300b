namespace Snapshots.Grains;

/// <summary>
/// When a part of a collection asks those of whom it awaits reports. Whose local state is missing is asked again and again with
/// growing pauses: the markers are given some time first, and the graph need not be connected. When all have recorded, now and then
/// those from whom channel states are awaited: one that was lost after it had received a marker is woken by nobody else.
/// </summary>
internal sealed class AskSchedule(TimeProvider time)
{
    /// <summary>How long the answers of one group are waited for before the next group is asked.</summary>
    public static readonly TimeSpan MaxWaitForAnswers = TimeSpan.FromMilliseconds(250);

    /// <summary>To which the pauses grow.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    /// <summary>What the markers are given before anybody is asked.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    /// <summary>What those who were asked are given before they are asked again: to ask is lost work if their reports are on the way.</summary>
    private static readonly TimeSpan SecondPause = TimeSpan.FromMilliseconds(200);

    private long _lastAsked = time.GetTimestamp();

    /// <summary>How long to wait for reports before asking again.</summary>
    public TimeSpan Pause { get; private set; } = FirstPause;

    /// <summary>Whether all who are awaited are to be asked now; <see cref="Asked"/> is to be called when that is done.</summary>
    public bool IsDue(bool missesLocalStates)
    {
        if (time.GetElapsedTime(_lastAsked) < (missesLocalStates ? Pause : MaxPause)) return false;
        _lastAsked = time.GetTimestamp();
        Pause = !missesLocalStates || Pause * 2 > MaxPause ? MaxPause : Pause < SecondPause ? SecondPause : Pause * 2;
        return true;
    }

    /// <summary>All have been asked. The pause begins now, and is no shorter than the asking was: the reports of many take as long.</summary>
    public void Asked()
    {
        var took = time.GetElapsedTime(_lastAsked);
        if (took > Pause) Pause = took < MaxPause ? took : MaxPause;
        _lastAsked = time.GetTimestamp();
    }
}
