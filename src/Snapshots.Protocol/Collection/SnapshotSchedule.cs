namespace Snapshots.Protocol;

/// <summary>When the index takes snapshots by itself, and which of those it keeps.</summary>
/// <param name="Every">The time from one snapshot to the next; see <see cref="Validate"/>.</param>
/// <param name="KeepLast">How many of its completed snapshots are kept, from 1; none for no such limit.</param>
/// <param name="KeepFor">How long one of its snapshots is kept after its end; none for no such limit.</param>
public sealed record SnapshotSchedule(TimeSpan Every, int? KeepLast, TimeSpan? KeepFor)
{
    /// <summary>The shortest <see cref="Every"/>.</summary>
    public static readonly TimeSpan MinEvery = TimeSpan.FromSeconds(1);

    /// <summary>The longest <see cref="Every"/> and <see cref="KeepFor"/>.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromDays(3650);

    /// <summary>The timeout of each of its snapshots.</summary>
    public static readonly TimeSpan SnapshotTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Checks the schedule where it enters.</summary>
    /// <exception cref="ArgumentException">
    /// A time is not between <see cref="MinEvery"/> and <see cref="MaxTime"/>, or no snapshot would be kept.
    /// </exception>
    public void Validate()
    {
        Require("every", Every);
        if (KeepFor is { } keepFor) Require("keep-for", keepFor);
        if (KeepLast < 1) throw new ArgumentException($"keep-last is {KeepLast}: it must be at least 1");
    }

    private static void Require(string name, TimeSpan time)
    {
        if (time >= MinEvery && time <= MaxTime) return;
        throw new ArgumentException($"{name} is {time}: it must be from {MinEvery.TotalSeconds} second to {MaxTime.TotalDays} days");
    }
}

/// <summary>
/// A schedule as the index stores it. Its times are <see cref="SetAtMs"/> + n · <see cref="SnapshotSchedule.Every"/>,
/// n ≥ 1. A time is taken once, or skipped: while a snapshot of the schedule still runs, and when it was missed for
/// longer than <see cref="MissedAfterMs"/>.
/// </summary>
/// <param name="Schedule">What the user has set.</param>
/// <param name="SetAtMs">When it was set, in milliseconds since 1970, by the clock of the index's silo.</param>
/// <param name="ReachedMs">The last time that was taken or skipped; at first <paramref name="SetAtMs"/>.</param>
public sealed record ScheduleRecord(SnapshotSchedule Schedule, long SetAtMs, long ReachedMs)
{
    /// <summary>
    /// How late a snapshot may begin, in milliseconds: longer than a lost silo is missed. A later one is skipped.
    /// </summary>
    public const long MissedAfterMs = 30_000;

    private long EveryMs => (long)Schedule.Every.TotalMilliseconds;

    /// <summary>Sets a schedule; one of the same times goes on with its times.</summary>
    public static ScheduleRecord Set(SnapshotSchedule schedule, ScheduleRecord? before, long wallMs)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return before?.Schedule.Every == schedule.Every
            ? before with { Schedule = schedule }
            : new(schedule, wallMs, wallMs);
    }

    /// <summary>
    /// The schedule as a clock sees it that may have been set back: (1) a clock is a day ahead, and a time of tomorrow is
    /// taken; (2) the clock is set right. Without this the schedule would rest for a day.
    /// </summary>
    public ScheduleRecord At(long wallMs) => ReachedMs > wallMs + EveryMs ? this with { ReachedMs = LastMs(wallMs) } : this;

    /// <summary>The time that is to be taken now; none if there is none.</summary>
    public long? DueMs(long wallMs) => LastMs(wallMs) is var last && last > ReachedMs && wallMs - last <= MissedAfterMs ? last : null;

    /// <summary>The next time that will be taken; the past one while it is due.</summary>
    public long NextMs(long wallMs) => DueMs(wallMs) ?? Math.Max(LastMs(wallMs), ReachedMs) + EveryMs;

    /// <summary>The last of its times up to now.</summary>
    private long LastMs(long wallMs)
    {
        var (since, past) = (wallMs - SetAtMs, (wallMs - SetAtMs) % EveryMs);
        return SetAtMs + since - (past < 0 ? past + EveryMs : past);
    }
}
