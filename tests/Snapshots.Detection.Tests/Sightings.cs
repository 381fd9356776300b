namespace Snapshots.Detection.Tests;

/// <summary>What the runs of a property test have seen, so that a test that saw nothing of interest fails.</summary>
internal sealed class Sightings
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _seen = [];

    public void See(string what, bool isSeen = true)
    {
        if (isSeen) _seen.AddOrUpdate(what, 1, (_, count) => count + 1);
    }

    public void AssertSeen(int atLeast, params string[] all) => Assert.All(
        all, what => Assert.True(_seen.GetValueOrDefault(what) >= atLeast, $"{what}: {_seen.GetValueOrDefault(what)}"));
}
