using System.Collections.Immutable;

namespace Snapshots.Grains.Tests;

/// <summary>The amounts put in, what is left, and the amounts that came, in order of delivery.</summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.tests.letter-state")]
public sealed record LetterState(
    [property: Id(0)] long Deposited,
    [property: Id(1)] long Balance,
    [property: Id(2)] ImmutableArray<long> Taken)
{
    public static LetterState Empty { get; } = new(0, 0, []);
}
