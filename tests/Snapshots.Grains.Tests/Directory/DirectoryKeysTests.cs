using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

public sealed class DirectoryKeysTests
{
    /// <summary>Where processes are found is for good: another hash would lose every process that is stored.</summary>
    [Theory]
    [InlineData("alice", 7)]
    [InlineData("bob", 4)]
    [InlineData("P0", 13)]
    [InlineData("P1", 10)]
    [InlineData("a:very-long_process.name", 2)]
    public void A_process_stays_in_its_shard(string process, int shard) =>
        Assert.Equal($"bank/{shard}", DirectoryKeys.ShardOf("bank", new(process)));

    [Fact]
    public void Processes_spread_over_all_shards()
    {
        var counts = Enumerable.Range(0, 1600).CountBy(number => DirectoryKeys.ShardOf("bank", new($"account-{number}"))).ToList();
        Assert.Equal(DirectoryKeys.ShardCount, counts.Count);
        Assert.All(counts, count => Assert.InRange(count.Value, 50, 150));
    }

    [Fact]
    public void Keys_can_be_split()
    {
        Assert.Equal(("bank", 7L), DirectoryKeys.Split(DirectoryKeys.Collector("bank", new(7))));
        Assert.Equal(("bank", 15L), DirectoryKeys.Split(DirectoryKeys.Shard("bank", 15)));
        Assert.Equal(("bank", new SnapshotNumber(7), 3), DirectoryKeys.SplitPart(DirectoryKeys.Part("bank", new(7), 3)));
    }

    [Theory]
    [InlineData("bank")]
    [InlineData("/7")]
    [InlineData("bank/")]
    [InlineData("bank/-1")]
    [InlineData("bank/x")]
    public void Other_keys_are_refused(string key) => Assert.Throws<ArgumentException>(() => DirectoryKeys.Split(key));
}
