namespace Snapshots.Benchmarks.Tests;

public sealed class TurnsTests
{
    [Fact]
    public async Task Sides_take_turns_in_an_order_that_changes_with_the_round()
    {
        var calls = new List<string>();
        Func<Task<int>> Side(string name) => () =>
        {
            calls.Add(name);
            return Task.FromResult(calls.Count);
        };
        var samples = await Turns.RunAsync(
            rounds: 3, new TimeLimit(TimeSpan.FromMinutes(1)), Side("a"), Side("b"), Side("c"));
        Assert.Equal("a b c c b a a b c", string.Join(' ', calls));
        Assert.Equal([1, 6, 7], samples[0]);
        Assert.Equal([2, 5, 8], samples[1]);
        Assert.Equal([3, 4, 9], samples[2]);
    }

    [Fact]
    public async Task There_is_one_round_even_if_no_time_is_left_and_no_more()
    {
        var samples = await Turns.RunAsync(rounds: 5, new TimeLimit(TimeSpan.Zero), () => Task.FromResult(1));
        Assert.Equal([1], samples[0]);
    }
}
