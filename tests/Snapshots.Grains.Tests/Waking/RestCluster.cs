using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>A process that has nothing left to do stays in the pending-work registry for a moment only.</summary>
public sealed class RestCluster : LetterCluster
{
    private protected override void Configure(SnapshotsOptions options)
    {
        options.RestBeforeListingEnds = TimeSpan.FromMilliseconds(100);
        options.Markers = MarkerPolicy.EveryChannel;
    }
}
