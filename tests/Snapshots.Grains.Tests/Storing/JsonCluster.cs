namespace Snapshots.Grains.Tests;

/// <summary>Over a storage as Orleans adds it, whose serializer writes public properties as JSON.</summary>
public sealed class JsonCluster : LetterCluster
{
    private protected override void AddStorage(ISiloBuilder silo) => silo.AddMemoryGrainStorage("snapshots");
}
