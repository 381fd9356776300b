using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Tests;

/// <summary>
/// Random requests against a dumb model that forgets nothing. A failure prints the seed, which is the test's argument.
/// </summary>
public sealed class RequestMemoryModelTests
{
    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void No_key_is_taken_twice_and_the_last_thousand_are_remembered(ulong seed)
    {
        var random = new SeededRandom(seed);
        var taken = new Dictionary<RequestKey, RequestEntry>();
        var arrivals = new List<RequestKey>();
        var memory = RequestMemory.Empty;
        var seen = new Dictionary<KeyStanding, int>();
        for (var step = 0; step < 12_000; step++)
        {
            var key = NextKey(random, step, arrivals);
            var standing = memory.Find(key, out var entry);
            seen[standing] = seen.GetValueOrDefault(standing) + 1;
            if (standing == KeyStanding.Remembered) Assert.Equal(taken[key], entry);
            if (standing != KeyStanding.New) continue;

            Assert.False(taken.ContainsKey(key), $"seed {seed}: {key} would be executed twice at step {step}");
            entry = new RequestEntry(key, random.Next(), random.OneIn(3) ? RefusalReason.NotOpen : RefusalReason.None);
            taken.Add(key, entry);
            arrivals.Add(key);
            var before = memory;
            memory = memory.Add(entry);
            AssertWithinBounds(memory, before, arrivals, random);
        }

        var remembered = memory.Entries.Select(entry => entry.Key).TakeLast(BankLimits.RememberedRequests);
        Assert.Equal(arrivals.TakeLast(BankLimits.RememberedRequests), remembered);
        Assert.True(seen[KeyStanding.Remembered] > 500 && seen[KeyStanding.TooOld] > 500 && memory.HandMadeKeys > 500);
    }

    private static void AssertWithinBounds(
        RequestMemory memory, RequestMemory before, List<RequestKey> arrivals, SeededRandom random)
    {
        var least = Math.Min(arrivals.Count, BankLimits.RememberedRequests);
        Assert.InRange(memory.Count, least, BankLimits.MaxRememberedRequests);
        Assert.True(memory.Horizon >= before.Horizon || before.Horizon is null);
        Assert.InRange(memory.Chunks.Length, 1, 2 * BankLimits.MaxRememberedRequests / BankLimits.RequestsPerChunk);
        var recent = arrivals[^(1 + random.Below(least))];
        Assert.Equal(KeyStanding.Remembered, memory.Find(recent, out _));
    }

    /// <summary>
    /// A mixture of new timed keys with clocks that differ, new hand-made ones, and retries, near and far.
    /// </summary>
    private static RequestKey NextKey(SeededRandom random, int step, List<RequestKey> arrivals)
    {
        if (arrivals.Count > 0 && random.OneIn(4)) return arrivals[random.Below(arrivals.Count)];
        if (random.OneIn(10)) return new RequestKey($"hand-{random.Below(1_000_000)}");
        var skewMs = random.OneIn(50) ? random.Below(1_000_000) - 500_000 : random.Below(400) - 200;
        return RequestKeys.Create(Given.Start.AddMilliseconds((step * 2) + skewMs), (ulong)random.Below(3));
    }
}
