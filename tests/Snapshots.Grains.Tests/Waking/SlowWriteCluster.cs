using Orleans.Configuration;

namespace Snapshots.Grains.Tests;

/// <summary>Deactivation waits only briefly for what is under way, and no collector asks a process.</summary>
public sealed class SlowWriteCluster : LetterCluster
{
    private protected override void Configure(SnapshotsOptions options) => options.AskProcesses = false;

    private protected override void Configure(ISiloBuilder silo) =>
        silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = TimeSpan.FromMilliseconds(100));
}
