namespace Snapshots.Faults.Tests;

/// <summary>The tests that share the cluster.</summary>
[CollectionDefinition(nameof(ClusterFixture))]
public sealed class ClusterTests : ICollectionFixture<ClusterFixture>;
