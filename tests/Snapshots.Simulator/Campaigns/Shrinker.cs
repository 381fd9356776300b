using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Makes a failing plan smaller: takes operations away, in halves first and at last one by one, and kinds of faults,
/// and keeps what still breaks the same invariant. Chance is drawn for each packet by itself, so most of a run stays as
/// it was.
/// </summary>
internal static class Shrinker
{
    /// <summary>How many smaller plans are tried.</summary>
    public const int MaxAttempts = 400;

    /// <summary>Limits that no run meets.</summary>
    private static readonly ProtocolLimits WideLimits = ProtocolLimits.Default with
    {
        Window = int.MaxValue,
        MaxRecordedMessages = 100_000,
        MaxOpenRecordings = 256,
    };

    /// <summary>The smallest plan that was found; the plan itself if nothing can be left out.</summary>
    public static Plan Shrink(Plan plan, Func<Variant> create, string invariant, bool alsoWithoutSnapshots)
    {
        var attempts = 0;
        bool IsAsBad(Plan smaller) => attempts++ < MaxAttempts
            && Judge.Run(smaller, create, alsoWithoutSnapshots).Breaches.Any(breach => breach.Invariant == invariant);

        for (var before = default(Plan); before != plan && attempts < MaxAttempts;)
        {
            before = plan;
            plan = ShrinkOperations(plan, IsAsBad);
            foreach (var calmer in Calmer(plan.Profile))
            {
                var candidate = plan with { Profile = calmer(plan.Profile) };
                if (candidate.Profile != plan.Profile && IsAsBad(candidate)) plan = candidate;
            }
        }

        return plan;
    }

    private static Plan ShrinkOperations(Plan plan, Func<Plan, bool> isAsBad)
    {
        for (var size = Math.Max(1, plan.Operations.Length / 2); size >= 1; size /= 2)
        {
            for (var first = plan.Operations.Length - size; first >= 0; first -= size)
            {
                if (first + size > plan.Operations.Length) continue;
                var candidate = plan with { Operations = plan.Operations.RemoveRange(first, size) };
                if (isAsBad(candidate)) plan = candidate;
            }
        }

        return plan;
    }

    private static ImmutableArray<Func<Profile, Profile>> Calmer(Profile profile) =>
    [
        static calm => calm with { Loss = 0 },
        static calm => calm with { Repetition = 0 },
        static calm => calm with { Delay = 0 },
        static calm => calm with { SlowWrite = 0 },
        static calm => calm with { FailedWrite = 0 },
        static calm => calm with { UnknownWrite = 0 },
        static calm => calm with { LateWrite = 0 },
        static calm => calm with { GivesUp = 0 },
        static calm => calm with { MaxTravelMs = 1 },
        static calm => calm with
        {
            Limits = WideLimits with
            {
                FirstResendPauseMs = calm.Limits.FirstResendPauseMs,
                MaxResendPauseMs = calm.Limits.MaxResendPauseMs,
            },
        },
        .. profile.Processes > 1 ? [static calm => calm with { Processes = calm.Processes - 1 }] : ImmutableArray<Func<Profile, Profile>>.Empty,
    ];
}
