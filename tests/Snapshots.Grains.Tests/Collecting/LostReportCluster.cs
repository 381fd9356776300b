using Microsoft.Extensions.DependencyInjection;

namespace Snapshots.Grains.Tests;

/// <summary>Collectors ask for what is missing, and every report is seen.</summary>
public sealed class LostReportCluster : LetterCluster
{
    internal ReportLog Reports { get; } = new();

    private protected override void Configure(ISiloBuilder silo) => silo.Services.AddSingleton<IIncomingGrainCallFilter>(Reports);
}
