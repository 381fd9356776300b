using System.Collections.Concurrent;

namespace Snapshots.Protocol.Tests;

/// <summary>
/// Counts the interesting cases that random runs came through, so that a test can prove that it saw them.
/// </summary>
internal sealed class Sightings
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Saw(string what, bool really = true)
    {
        if (really) _counts.AddOrUpdate(what, 1, (_, count) => count + 1);
    }

    public void AssertSeen(params string[] whats)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal)));
        Assert.All(whats, what => Assert.True(_counts.GetValueOrDefault(what) > 0, $"no random run saw: {what}"));
    }
}
