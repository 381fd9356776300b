using Microsoft.Extensions.DependencyInjection;

namespace Snapshots.Grains.Tests;

/// <summary>Two silos whose streams run over bad queues.</summary>
public sealed class BadQueueCluster : LetterCluster
{
    protected override short Silos => 2;

    internal IEnumerable<BadQueue> Queues => AllSilos.Select(silo => silo.GetRequiredService<BadQueue>());

    private protected override void Configure(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<BadQueue>();
        silo.Services.AddSingleton<IPacketSender>(services => services.GetRequiredService<BadQueue>());
    }
}
