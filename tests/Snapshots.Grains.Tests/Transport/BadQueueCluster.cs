using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Snapshots.Grains.Tests;

/// <summary>Two silos whose streams run over bad queues.</summary>
public sealed class BadQueueCluster : LetterCluster
{
    protected override short Silos => 2;

    internal IEnumerable<BadQueue> Queues => AllSilos.Select(silo => silo.GetRequiredService<BadQueue>());

    private protected override void Configure(ISiloBuilder silo)
    {
        silo.Services.AddSingleton(services => new BadQueue(services, SnapshotsOptions.StreamProvider));
        silo.Services.AddKeyedSingleton<IQueueAdapterFactory>(
            SnapshotsOptions.StreamProvider, (services, _) => services.GetRequiredService<BadQueue>());
    }
}
