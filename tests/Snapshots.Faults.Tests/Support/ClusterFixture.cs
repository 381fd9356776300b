namespace Snapshots.Faults.Tests;

/// <summary>
/// One cluster for all tests that need one: its bank grows older from fault to fault, and its history is checked after
/// each.
/// </summary>
public sealed class ClusterFixture : IAsyncDisposable
{
    private Cluster? _cluster;

    /// <summary>The cluster, complete; skips the test, with the reason, where there is no Redis.</summary>
    internal async Task<Cluster> ThreeSilosAsync()
    {
        _cluster ??= await Cluster.StartAsync();
        await _cluster.CompleteAsync();
        return _cluster;
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }
}
