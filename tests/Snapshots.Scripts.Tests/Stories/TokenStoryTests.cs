namespace Snapshots.Scripts.Tests;

public sealed class TokenStoryTests
{
    private readonly TokenStoryResult _story = TokenStory.Tell();

    [Fact]
    public void The_story_holds()
    {
        Assert.True(_story.Holds);
        Assert.Equal(6, _story.Count);
        Assert.Equal(2, _story.NaiveLost);
        Assert.Equal(1, _story.NaiveTwice);
        Assert.Equal(6, _story.SnapshotTokens);
        Assert.Equal(3, _story.SnapshotInChannels);
    }

    [Fact]
    public void Each_schedule_shows_one_failure_of_the_naive_reading()
    {
        Assert.Equal([2, 0], _story.Schedules.Select(schedule => schedule.NaiveLost));
        Assert.Equal([0, 1], _story.Schedules.Select(schedule => schedule.NaiveTwice));
        Assert.Equal(2, _story.Schedules[1].NaiveReading["red"]);
    }

    [Fact]
    public void Every_token_is_in_one_place_of_each_snapshot()
    {
        foreach (var schedule in _story.Schedules)
        {
            Assert.Equal(6, schedule.Places.Length);
            Assert.Equal(6, schedule.Places.Select(place => place.Colour).Distinct().Count());
        }

        Assert.Equal(
            [new("violet", 1, "Q->P", InChannel: true)],
            _story.Schedules[0].Places.Where(place => place.InChannel));
        Assert.Equal(
            [new("orange", 1, "P->Q", InChannel: true), new("red", 1, "P->Q", InChannel: true)],
            _story.Schedules[1].Places.Where(place => place.InChannel));
    }

    [Fact]
    public void The_story_is_told_the_same_each_time() => Assert.Equal(
        _story.Schedules.SelectMany(schedule => schedule.Events),
        TokenStory.Tell().Schedules.SelectMany(schedule => schedule.Events));

    [Fact]
    public void A_story_whose_claims_are_not_so_does_not_hold()
    {
        var (lost, twice) = (_story.Schedules[0], _story.Schedules[1]);
        Assert.False((_story with { Schedules = [lost] }).Holds);
        Assert.False((_story with { Schedules = [twice] }).Holds);
        Assert.False((_story with { Count = 7 }).Holds);
        Assert.False((_story with { Schedules = [lost, twice with { Conserved = false }] }).Holds);
        Assert.False((_story with { Schedules = [lost, twice with { SnapshotReading = twice.NaiveReading }] }).Holds);
    }
}
