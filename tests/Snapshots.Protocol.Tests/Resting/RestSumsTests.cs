namespace Snapshots.Protocol.Tests;

/// <summary>The counts of many processes as one sum.</summary>
public sealed class RestSumsTests
{
    private const int Processes = 12;

    /// <summary>Whatever they have sent each other: if all has arrived, the sum is 0, in any order and grouping.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_processes_among_which_nothing_is_in_transit_the_balance_is_0(int seed)
    {
        var counts = Counts(new Random(seed));
        Assert.Equal(UInt128.Zero, Sum(counts, counts).Balance);
        Assert.Equal(counts.Count, Sum(counts, counts).Channels);
        Assert.Equal(Processes, Sum(counts, counts).Processes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_message_that_is_missing_or_too_many_or_on_another_channel_unbalances_it(int seed)
    {
        var counts = Counts(new Random(seed));
        foreach (var ((from, to), count) in counts)
        {
            Assert.NotEqual(UInt128.Zero, Sum(counts, With(counts, (from, to), count - 1)).Balance);
            Assert.NotEqual(UInt128.Zero, Sum(counts, With(counts, (from, to), count + 1)).Balance);
            Assert.NotEqual(UInt128.Zero, Sum(counts, With(With(counts, (from, to), 0), (to, from + Processes), count)).Balance);
        }
    }

    /// <summary>Two names that are the same characters in a row are two channels.</summary>
    [Fact]
    public void Names_are_told_apart()
    {
        var one = RestSums.Of(Report("a", sent: [("bc", 1)]));
        var other = RestSums.Of(Report("ab", sent: [("c", 1)]));
        Assert.NotEqual(one.Balance, other.Balance);
        Assert.NotEqual(one.Balance, RestSums.Of(Report("bc", sent: [("a", 1)])).Balance);
    }

    [Fact]
    public void A_channel_on_which_nothing_was_counted_weighs_nothing() =>
        Assert.Equal(new(1, 1, UInt128.Zero), RestSums.Of(Report("a", sent: [("b", 0)], delivered: [("c", 0)])));

    private static Dictionary<(int From, int To), int> Counts(Random random) => Enumerable.Range(0, 40)
        .Select(_ => (random.Next(Processes), random.Next(Processes)))
        .Distinct()
        .ToDictionary(channel => channel, _ => random.Next(1, 5));

    private static Dictionary<(int From, int To), int> With(Dictionary<(int From, int To), int> counts, (int, int) channel, int count) =>
        new(counts) { [channel] = count };

    private static RestSums Sum(Dictionary<(int From, int To), int> sent, Dictionary<(int From, int To), int> delivered) =>
        Enumerable.Range(0, Processes).Reverse().Aggregate(default(RestSums), (sum, id) => RestSums.Of(Report(
            $"{id}",
            [.. sent.Where(each => each.Key.From == id).Select(each => ($"{each.Key.To}", each.Value))],
            [.. delivered.Where(each => each.Key.To == id).Select(each => ($"{each.Key.From}", each.Value))])).Add(sum));

    private static LocalReport<string> Report(string process, (string, int)[] sent, params (string, int)[] delivered) => new(
        default,
        Epoch.First,
        new(process),
        "at rest",
        [.. sent.Select(each => new ChannelCount(new(each.Item1), new(each.Item2)))],
        [.. delivered.Select(each => new ChannelCount(new(each.Item1), new(each.Item2)))]);
}
