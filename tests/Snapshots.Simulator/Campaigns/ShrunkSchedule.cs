using System.Globalization;

namespace Snapshots.Simulator;

/// <summary>The short schedule that a failing seed was reduced to, as text, with the command that repeats it.</summary>
public static class ShrunkSchedule
{
    /// <summary>
    /// A run that never comes to rest goes on for thousands of lines, which say the same again and again.
    /// </summary>
    private const int MaxFirstLines = 150;
    private const int MaxLastLines = 30;

    /// <summary>Reduces a seed that breaks an invariant; the same text every time.</summary>
    public static IReadOnlyList<string> Of(CampaignViolation violation)
    {
        ArgumentNullException.ThrowIfNull(violation);
        return Of(violation, static () => new Variant());
    }

    internal static IReadOnlyList<string> Of(CampaignViolation violation, Func<Variant> create)
    {
        var isRunBare = violation.Invariant == Judge.SameResult && Campaign.IsRunBare(violation.Seed);
        var plan = Campaign.PlanOf(violation.Seed);
        var shrunk = Shrinker.Shrink(plan, create, violation.Invariant, isRunBare);
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"seed {violation.Seed} breaks {violation.Invariant}; reduced from {plan.Operations.Length} operations to {shrunk.Operations.Length}:"),
            .. Shorten(ScheduleText.Of(shrunk, Judge.Run(shrunk, create, isRunBare))),
            string.Create(
                CultureInfo.InvariantCulture,
                $"repeat: dotnet run -c Release --project tests/Snapshots.Simulator -- --from {violation.Seed} --seeds 1"),
        ];
    }

    internal static IEnumerable<string> Shorten(IReadOnlyList<string> lines)
    {
        var left = lines.Count - MaxFirstLines - MaxLastLines;
        return left <= 0
            ? lines
            : [.. lines.Take(MaxFirstLines), string.Create(CultureInfo.InvariantCulture, $"[{left} lines more]"), .. lines.TakeLast(MaxLastLines)];
    }
}
