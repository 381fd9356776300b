using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>Runs plans and holds every invariant against what happened.</summary>
internal static class Judge
{
    /// <summary>The name of the invariant that the core throws at nothing that a host may do.</summary>
    public const string NoException = "noException";

    /// <summary>The name of the invariant that snapshots change nothing for the application.</summary>
    public const string SameResult = "sameResult";

    private static readonly ImmutableArray<IInvariant<LedgerState, LedgerMessage>> Invariants =
        InvariantSet.Create<LedgerState, LedgerMessage>();

    /// <summary>The names of all invariants.</summary>
    public static ImmutableArray<string> Names { get; } = [NoException, .. Invariants.Select(invariant => invariant.Name), SameResult];

    /// <summary>Runs a plan, also without its snapshots if that is asked for, and judges it.</summary>
    public static Verdict Run(Plan plan, Func<Variant> create, bool alsoWithoutSnapshots)
    {
        var world = new World(plan, create());
        var breaches = ImmutableArray.CreateBuilder<InvariantBreach>();
        if (world.Run() is { } exception) breaches.Add(new(NoException, $"{exception.GetType().Name}: {exception.Message}"));
        else breaches.AddRange(InvariantSet.FindBreaches(Invariants, world.Trace));
        if (world.Trace.IsHealed && FindOtherResult(plan, create, world.Trace, alsoWithoutSnapshots) is { } other) breaches.Add(new(SameResult, other));
        return new(world.Trace, world.Sightings, breaches.ToImmutable());
    }

    private static string? FindOtherResult(Plan plan, Func<Variant> create, LedgerTrace trace, bool alsoWithoutSnapshots)
    {
        var outcome = RunOutcome.Of(EpochHistories.Of(trace)[^1]);
        if (outcome.FindDifference(LedgerModel.OutcomeOf(plan)) is { } difference) return difference;
        if (!alsoWithoutSnapshots) return null;
        var bare = new World(plan.WithoutSnapshots(), create());
        if (bare.Run() is { } exception) return $"without snapshots: {exception.Message}";
        return outcome.FindDifference(RunOutcome.Of(bare.Trace)) is { } found ? $"without snapshots: {found}" : null;
    }
}
