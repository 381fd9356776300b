using Orleans.Configuration;

namespace Snapshots.Grains.Tests;

/// <summary>Activations that are put away are waited for only briefly, and no collector asks anybody.</summary>
public sealed class SlowWriteCluster : LetterCluster
{
    private protected override void Configure(SnapshotsOptions options) => options.AskProcesses = false;

    private protected override void Configure(ISiloBuilder silo) =>
        silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = TimeSpan.FromMilliseconds(100));
}
