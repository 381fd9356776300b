namespace Snapshots.Grains.Tests;

/// <summary>Two unacknowledged frames fill a channel; two callers may wait, three seconds each.</summary>
public sealed class RoomCluster : LetterCluster
{
    private protected override void Configure(SnapshotsOptions options)
    {
        options.Limits = options.Limits with { Window = 2 };
        options.MaxWaitForRoom = TimeSpan.FromSeconds(3);
        options.MaxWaitersForRoom = 2;
    }
}
