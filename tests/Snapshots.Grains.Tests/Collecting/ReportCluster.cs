using Microsoft.Extensions.DependencyInjection;

namespace Snapshots.Grains.Tests;

/// <summary>Every report is seen.</summary>
public class ReportCluster : LetterCluster
{
    internal ReportLog Reports { get; } = new();

    private protected override void Configure(ISiloBuilder silo) => silo.Services.AddSingleton<IIncomingGrainCallFilter>(Reports);
}
