using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// When the reports of a process are sent again: until each has got its receipt, with growing pauses.
/// </summary>
internal sealed class ReportRepeater(Backoff pause)
{
    private int _retries;
    private bool _isDue;

    /// <summary>When a report was last sent.</summary>
    private Instant? _reportedAt;

    /// <summary>When what got no receipt is to be reported again; none while every report has got one.</summary>
    public Instant? RepeatAt { get; private set; }

    /// <summary>Whether the last report is long enough ago that one that asks may have lost it.</summary>
    public bool MayRepeat(Instant now) => _reportedAt is not { } last || now >= last.After(pause.FirstMs);

    /// <summary>All that got no receipt is due with the next work.</summary>
    public void RepeatNow() => (_isDue, RepeatAt) = (true, null);

    /// <summary>Every report has got its receipt, or has lost its recording.</summary>
    public void Rest() => (_isDue, RepeatAt, _retries) = (false, null, 0);

    /// <summary>Whether reports have become due.</summary>
    public bool Tick(Instant now)
    {
        if (RepeatAt is not { } due || now < due) return false;
        RepeatNow();
        return true;
    }

    /// <summary>
    /// Takes the reports to send: the new ones, or when it is time all that got no receipt. New ones do not put the
    /// time off: a process with a new one every second would never repeat an old one.
    /// </summary>
    public ImmutableArray<Report> Take(ImmutableArray<Report> fresh, Func<IEnumerable<Report>> unaccepted, Instant now)
    {
        if (_isDue)
        {
            ImmutableArray<Report> all = [.. unaccepted()];
            (_isDue, RepeatAt, _retries) = (false, null, all.IsEmpty ? 0 : _retries + 1);
            if (!all.IsEmpty) Sent(now.After(pause.PauseMs(_retries)), now);
            return all;
        }

        if (fresh.IsEmpty) return fresh;
        _retries = 0;
        var again = now.After(pause.PauseMs(0));
        Sent(RepeatAt is { } sooner && sooner < again ? sooner : again, now);
        return fresh;
    }

    private void Sent(Instant again, Instant now) => (RepeatAt, _reportedAt) = (again, now);
}
