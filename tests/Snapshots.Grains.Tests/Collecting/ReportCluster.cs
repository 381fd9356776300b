using Microsoft.Extensions.DependencyInjection;

namespace Snapshots.Grains.Tests;

/// <summary>Collectors ask nobody, and every report is seen.</summary>
public sealed class ReportCluster : LetterCluster
{
    internal ReportLog Reports { get; } = new();

    private protected override void Configure(SnapshotsOptions options) => options.AskProcesses = false;

    private protected override void Configure(ISiloBuilder silo) => silo.Services.AddSingleton<IIncomingGrainCallFilter>(Reports);
}
