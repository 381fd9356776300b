namespace Snapshots.Grains.Tests;

/// <summary>Every report is seen, and collectors ask nobody.</summary>
public sealed class UnaskedReportCluster : ReportCluster
{
    private protected override void Configure(SnapshotsOptions options) => options.AskProcesses = false;
}
