using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>
/// What has to happen without a call or a frame. The timer runs only towards something that is due: a process that has recorded and
/// waits for the end of the snapshot costs next to nothing meanwhile, and there may be a hundred thousand of them.
/// </content>
public abstract partial class ProcessGrain<TState, TMessage>
{
    /// <summary>How often frames are looked at that wait for their acknowledgement; nothing else ticks more often either.</summary>
    private const long PeriodMs = 250;

    /// <summary>What keeps a process in memory that waits for the end of a snapshot: well below any age of collection.</summary>
    private const long RecordingPeriodMs = 30_000;

    private IGrainTimer? _timer;

    /// <summary>When the timer is to tick; none while it does not run.</summary>
    private Instant? _tickAt;

    /// <summary>When what was seen to be done may be struck off; none while something is to do.</summary>
    private Instant? _restUntil;

    private long RestMs => (long)_services.Options.RestBeforeListingEnds.TotalMilliseconds;

    /// <summary>
    /// After which time something is written that would be written with the next commit, and that may be forgotten: what the process
    /// was told of snapshots, receipts, acknowledgements alone. So a process that takes part in a snapshot now and then writes once
    /// for each.
    /// </summary>
    private long LazyWriteMs => RestMs / 2;

    /// <summary>Sees to it that the timer ticks when the next thing is due.</summary>
    private void TickWhenDue()
    {
        _restUntil = null;
        var now = Now;
        if (Core.HasUnacknowledgedFrames) TickBy(now.After(PeriodMs), now);
        else if (Core.Revision != _persistedRevision && Core.OpenRecordings.Count == 0) TickBy(now.After(LazyWriteMs), now);
        else TickBy(_reportAgainAt is { } again ? Later(again, now.After(PeriodMs)) : now.After(RecordingPeriodMs), now);
    }

    /// <summary>What has changed is written with the next commit, or by the timer.</summary>
    private void WriteLater()
    {
        if (Core.Revision != _persistedRevision) TickWhenDue();
    }

    /// <summary>The timer is to tick at that time or before.</summary>
    private void TickBy(Instant time, Instant now)
    {
        if (_leaving || (_tickAt is { } sooner && sooner <= time)) return;
        _tickAt = time;
        var pause = TimeSpan.FromMilliseconds(Math.Max(0, time.Milliseconds - now.Milliseconds));
        if (_timer is { } timer) timer.Change(pause, Timeout.InfiniteTimeSpan);
        else _timer = this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(pause, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    private static Instant Later(Instant one, Instant other) => one > other ? one : other;

    private Task TickAsync()
    {
        _tickAt = null;
        if (_failure is not null) return Task.CompletedTask;
        var now = Now;
        var resent = Core.Counters.Resent;
        Core.Resend(now);
        _services.Instruments.FramesResent.Add(Core.Counters.Resent - resent);
        if (!Core.IsUnfinished && Core.Revision == _persistedRevision)
        {
            Rest(now);
            return Task.CompletedTask;
        }

        TickWhenDue();
        _ = _commit.RequestAsync();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Nothing is left to do. Who was listed stays so for a while: a busy process is often without work for a moment, and listing
    /// is a write.
    /// </summary>
    private void Rest(Instant now)
    {
        if (_listing is not null) _restUntil ??= now.After(RestMs);
        if (_restUntil is { } until && now < until)
        {
            TickBy(until, now);
            return;
        }

        _timer?.Dispose();
        (_timer, _restUntil) = (null, null);
        EndListing();
    }
}
