namespace Snapshots.Grains.Tests;

/// <summary>
/// What the processes of the test application send to each other: an amount that leaves one and reaches the other.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("snapshots.tests.letter")]
public sealed record Letter([property: Id(0)] long Amount);
