namespace Snapshots.Grains.Tests;

/// <summary>Every collection is split as far as it can be.</summary>
public sealed class PartsCluster : LetterCluster
{
    private protected override void Configure(SnapshotsOptions options) => options.MembersPerCollectorPart = 1;
}
