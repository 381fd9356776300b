namespace Snapshots.Simulator;

/// <summary>A planted fault. It exists to show that the invariants notice it.</summary>
/// <param name="Name">Its name, in camelCase.</param>
/// <param name="Fault">What is wrong, in a few words.</param>
/// <param name="CaughtBy">The invariant that has to notice it.</param>
/// <param name="Create">Makes the spoiled variant for one run.</param>
internal sealed record Mutant(string Name, string Fault, string CaughtBy, Func<Variant> Create);
