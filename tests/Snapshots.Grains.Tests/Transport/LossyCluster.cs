using Microsoft.Extensions.DependencyInjection;

namespace Snapshots.Grains.Tests;

/// <summary>Two silos and a network that loses, repeats and reorders.</summary>
public sealed class LossyCluster : LetterCluster
{
    protected override short Silos => 2;

    private protected override void Configure(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<LossyGate>();
        silo.Services.AddSingleton<IFrameGate<Letter>>(provider => provider.GetRequiredService<LossyGate>());
    }
}
