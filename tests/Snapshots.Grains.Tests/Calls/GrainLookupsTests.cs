namespace Snapshots.Grains.Tests;

public sealed class GrainLookupsTests(ProcessCluster cluster) : IClassFixture<ProcessCluster>
{
    /// <summary>The first look goes by Orleans's, later ones by what it gave; of client and silo alike.</summary>
    [Fact]
    public void A_grain_is_found_as_Orleans_finds_it()
    {
        var grains = cluster.Grains;
        for (var look = 0; look < 3; look++)
        {
            Assert.Equal(grains.GetGrain<ISnapshotIndex>("letters"), grains.Get<ISnapshotIndex>("letters"));
            Assert.Equal(grains.GetGrain<IDirectoryShard>("letters/3"), grains.Get<IDirectoryShard>("letters/3"));
            foreach (var kind in new[] { "letter", "account" })
            {
                var id = GrainId.Create(kind, "alice");
                Assert.Equal(grains.GetGrain<ISnapshotProcess>(id), grains.Get<ISnapshotProcess>(id));
                Assert.Equal(id, grains.Get<ISnapshotProcess>(id).GetGrainId());
            }
        }
    }
}
