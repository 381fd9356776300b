namespace Snapshots.Simulator;

/// <summary>
/// Rows with versions. A write takes its time, may fail before or after it has taken effect, and is refused if the row
/// has changed since its writer read it. A writer may have crashed when its write takes effect, or may have been told
/// some time ago that it failed.
/// </summary>
internal sealed class Storage(Plan plan, Schedule schedule, Sightings sightings, Variant variant)
{
    /// <summary>How long a write that failed may still be under way.</summary>
    public const int MaxLateMs = 40;

    private const ulong Subject = 100_000;

    /// <summary>Whether the faults are over.</summary>
    public bool IsHealed { get; set; }

    /// <summary>Writes a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="version">The version that the writer has read.</param>
    /// <param name="store">Takes effect.</param>
    /// <param name="answer">Tells the writer whether it was written, as far as that is known, after the effect.</param>
    /// <param name="lost">Happens instead of <paramref name="store"/> if the write takes no effect.</param>
    public void Write(StoredRow row, long version, Action store, Action<bool> answer, Action lost)
    {
        var random = SplitMix64.For(plan.Seed, Subject + (ulong)row.Number, row.Attempts++);
        var profile = plan.Profile;
        var isSlow = !IsHealed && random.Chance(profile.SlowWrite);
        var (fails, isUnknown) = (!IsHealed && random.Chance(profile.FailedWrite), !IsHealed && random.Chance(profile.UnknownWrite));
        var takesMs = isSlow ? random.Between(2, profile.MaxWriteMs) : 1;
        var lateMs = !IsHealed && !fails && random.Chance(profile.LateWrite) ? random.Between(2, MaxLateMs) : 0;
        row.UnderWay++;
        schedule.After(takesMs, () =>
        {
            if (fails || isUnknown || lateMs > 0) sightings.Add(Sighting.FailedWrites);
            if (lateMs > 0)
            {
                schedule.After(lateMs, () =>
                {
                    if (TryStore(isRefused: false)) sightings.Add(Sighting.LateWrites);
                });
                answer(false);
                return;
            }

            var isStored = TryStore(fails);
            answer(isStored && !isUnknown);
        });

        bool TryStore(bool isRefused)
        {
            row.UnderWay--;
            var isStale = row.Version != version && !variant.TakesStaleWrites;
            if (isStale) sightings.Add(Sighting.FencedWrites);
            if (isRefused || isStale)
            {
                lost();
                return false;
            }

            row.Version++;
            store();
            return true;
        }
    }
}
