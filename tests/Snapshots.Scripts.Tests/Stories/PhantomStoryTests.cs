using Snapshots.Protocol;

namespace Snapshots.Scripts.Tests;

public sealed class PhantomStoryTests
{
    [Fact]
    public async Task Reading_one_after_another_sees_a_deadlock_that_never_was_and_the_cut_sees_none()
    {
        var story = await PhantomStory.TellDeadlockAsync(TestContext.Current.CancellationToken);
        Assert.Equal([new("A"), new("B")], story.Naive);
        Assert.Equal(["A holds L1, waits for L2", "B holds L2, waits for L1"], story.Readings);
        AssertPhantom(story);
    }

    [Fact]
    public async Task Reading_one_after_another_sees_garbage_that_is_in_use_and_the_cut_sees_none()
    {
        var story = await PhantomStory.TellGarbageAsync(TestContext.Current.CancellationToken);
        Assert.Equal([new ProcessId("X")], story.Naive);
        AssertPhantom(story);
    }

    [Theory]
    [InlineData("locks-phantom.txt", PhantomStory.Deadlock)]
    [InlineData("objects-phantom.txt", PhantomStory.Garbage)]
    public async Task The_schedules_are_scripts_that_can_be_replayed(string file, string text)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "scenarios", file);
        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), text);
    }

    private static void AssertPhantom(PhantomStoryResult story)
    {
        Assert.Empty(story.Snapshot);
        Assert.Empty(story.Real);
        Assert.True(story.NaivePhantom);
        Assert.False(story.SnapshotPhantom);
    }
}
