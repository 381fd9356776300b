using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Snapshots.Grains.Tests;

/// <summary>
/// Activations that end are waited for only briefly, and no part of a collection asks a process to record.
/// </summary>
public sealed class SlowWriteCluster : LetterCluster
{
    private protected override void Configure(SnapshotsOptions options) => options.AskProcesses = false;

    private protected override void Configure(ISiloBuilder silo) => silo
        .ConfigureServices(services => services.AddSingleton<IIncomingGrainCallFilter, AsksNobody>())
        .Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = TimeSpan.FromMilliseconds(100));
}
