namespace Snapshots.Simulator.Tests;

public sealed class SplitMix64Tests
{
    [Fact]
    public void Its_numbers_are_those_of_the_published_generator()
    {
        var random = new SplitMix64(1234567);
        Assert.Equal(6457827717110365317UL, random.Next());
        Assert.Equal(3203168211198807973UL, random.Next());
        Assert.Equal(9817491932198370423UL, random.Next());
        Assert.Equal(0xE220A8397B1DCDAFUL, new SplitMix64(0).Next());
    }

    [Fact]
    public void A_number_lies_between_the_bounds_and_reaches_both()
    {
        var random = new SplitMix64(1);
        var seen = Enumerable.Range(0, 1000).Select(_ => random.Between(3, 7)).ToHashSet();
        Assert.Equal([3, 4, 5, 6, 7], seen.Order());
    }

    [Fact]
    public void A_chance_of_none_and_a_chance_of_all_are_certain()
    {
        var random = new SplitMix64(1);
        Assert.DoesNotContain(true, Enumerable.Range(0, 1000).Select(_ => random.Chance(0)));
        Assert.DoesNotContain(false, Enumerable.Range(0, 1000).Select(_ => random.Chance(1024)));
    }

    [Fact]
    public void What_is_drawn_for_one_thing_depends_on_nothing_else()
    {
        Assert.Equal(SplitMix64.For(1, 2, 3).Next(), SplitMix64.For(1, 2, 3).Next());
        var others = new[] { SplitMix64.For(2, 2, 3).Next(), SplitMix64.For(1, 3, 3).Next(), SplitMix64.For(1, 2, 4).Next() };
        Assert.DoesNotContain(SplitMix64.For(1, 2, 3).Next(), others);
    }
}
