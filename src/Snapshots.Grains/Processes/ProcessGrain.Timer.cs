using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <content>
/// What has to happen without a call or a frame. The timer runs only towards something that is due: a process that has recorded and
/// waits for the end of the snapshot costs next to nothing meanwhile, and there may be a hundred thousand of them.
/// </content>
public abstract partial class ProcessGrain<TState, TMessage>
{
    /// <summary>How often frames are looked at that wait for their acknowledgement, and the shortest pause between two ticks at work.</summary>
    private const long PeriodMs = 250;

    /// <summary>
    /// Keeps a process in memory that waits for the end of a snapshot, below the usual ages of collection. One that is put away
    /// earlier loses nothing.
    /// </summary>
    private const long RecordingPeriodMs = 30_000;

    private IGrainTimer? _timer;

    /// <summary>When the timer is to tick; none while it does not run.</summary>
    private Instant? _tickAt;

    /// <summary>When what was seen to be done may be struck off; none while something is to do.</summary>
    private Instant? _restUntil;

    /// <summary>When what may be forgotten is to be written, unless a step is written before; none when all is written.</summary>
    private Instant? _writeBy;

    private long RestMs => (long)_services.Options.RestBeforeListingEnds.TotalMilliseconds;

    /// <summary>
    /// How long what may be forgotten waits for a step to be written with: what the process was told of snapshots, receipts,
    /// acknowledgements alone. So a process that takes part in a snapshot now and then writes once for each.
    /// </summary>
    private long LazyWriteMs => Math.Max(PeriodMs, RestMs / 2);

    /// <summary>What has changed is written with the next step, or by the timer.</summary>
    private void WriteLater()
    {
        if (Core.Revision == _persistedRevision) return;
        var by = Now.After(Core.OpenRecordings.Count > 0 ? RecordingPeriodMs : LazyWriteMs);
        if (_writeBy is null || by < _writeBy) _writeBy = by;
        TickWhenDue();
    }

    /// <summary>Sees to it that the timer ticks when the next thing is due.</summary>
    private void TickWhenDue()
    {
        _restUntil = null;
        var now = Now;
        var soonest = now.After(PeriodMs);
        var due = Core.HasUnacknowledgedFrames ? soonest : now.After(RecordingPeriodMs);
        if (_reportAgainAt < due) due = _reportAgainAt.Value;
        if (_writeBy < due) due = _writeBy.Value;
        TickBy(due < soonest ? soonest : due, now);
    }

    /// <summary>The timer is to tick at that time or before.</summary>
    private void TickBy(Instant time, Instant now)
    {
        if (_leaving || (_tickAt is { } sooner && sooner <= time)) return;
        _tickAt = time;
        var pause = TimeSpan.FromMilliseconds(Math.Max(0, time.Milliseconds - now.Milliseconds));
        if (_timer is { } timer) timer.Change(pause, Timeout.InfiniteTimeSpan);
        else
        {
            _timer = this.RegisterGrainTimer(
                TickAsync, new GrainTimerCreationOptions(pause, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }
    }

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

        if (Core.Counters.Resent > resent || _reportAgainAt <= now || _writeBy <= now) _ = _commit.RequestAsync();
        TickWhenDue();
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
