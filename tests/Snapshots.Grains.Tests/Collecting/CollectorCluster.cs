namespace Snapshots.Grains.Tests;

public sealed class CollectorCluster : LetterCluster
{
    internal const int MaxOpen = 28;

    /// <summary>The number that the next snapshot gets.</summary>
    internal async Task<long> NextNumberAsync() => (await Index.GetAnnouncementAsync()).Announcement.Highest.Value + 1;

    private protected override void Configure(SnapshotsOptions options) => options.MaxOpenSnapshots = MaxOpen;
}
