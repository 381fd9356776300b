namespace Snapshots.Grains.Tests;

/// <summary>Who has nothing left to do stays listed for a moment only.</summary>
public sealed class RestCluster : LetterCluster
{
    private protected override void Configure(SnapshotsOptions options) => options.RestBeforeListingEnds = TimeSpan.FromMilliseconds(100);
}
