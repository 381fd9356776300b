using System.Collections.Immutable;

namespace Snapshots.Simulator;

/// <summary>Plants each fault by itself and runs seeds until the invariant that has to notice it does.</summary>
public static class MutantHunt
{
    /// <summary>A fault that so many seeds do not show has escaped.</summary>
    public const int MaxSeeds = 6000;

    /// <summary>How many faults there are.</summary>
    public static int Planted => MutantCatalog.All.Length;

    /// <summary>Hunts all of them.</summary>
    /// <param name="from">The first seed.</param>
    /// <param name="report">Is told how many are done, from any thread.</param>
    /// <param name="cancellationToken">Ends the hunt early.</param>
    /// <exception cref="OperationCanceledException">The hunt was ended early.</exception>
    public static ImmutableArray<MutantResult> Run(long from, Action<int> report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        var mutants = MutantCatalog.All;
        var results = new MutantResult[mutants.Length];
        var done = 0;
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, mutants.Length, options, index =>
        {
            results[index] = Hunt(mutants[index], from, cancellationToken);
            report(Interlocked.Increment(ref done));
        });
        return [.. results];
    }

    internal static MutantResult Hunt(Mutant mutant, long from, CancellationToken cancellationToken, int seeds = MaxSeeds)
    {
        var others = new SortedSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < seeds; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var seed = unchecked(from + index);
            var verdict = Judge.Run(Campaign.PlanOf(seed), mutant.Create, alsoWithoutSnapshots: false);
            var breach = verdict.Breaches.FirstOrDefault(each => each.Invariant == mutant.CaughtBy);
            others.UnionWith(verdict.Breaches.Select(each => each.Invariant));
            if (breach is null) continue;
            others.Remove(mutant.CaughtBy);
            return new(mutant.Name, mutant.Fault, mutant.CaughtBy, seed, breach.Detail, [.. others]);
        }

        return new(mutant.Name, mutant.Fault, mutant.CaughtBy, null, string.Empty, [.. others]);
    }
}
