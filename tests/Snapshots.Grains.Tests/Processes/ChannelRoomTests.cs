using System.Diagnostics;

namespace Snapshots.Grains.Tests;

public sealed class ChannelRoomTests(RoomCluster cluster) : IClassFixture<RoomCluster>
{
    [Fact]
    public async Task A_caller_that_finds_a_full_channel_waits_then_is_refused_and_goes_on_when_there_is_room()
    {
        var held = await FillAsync("r1");
        await Assert.ThrowsAsync<ChannelFullException>(() => SendAsync("r1", 3));
        var waiting = SendAsync("r1", 4);
        held.Release();
        await RetryAsync("r1", 5, waiting);
        await cluster.UntilTakenAsync("r1-to", 1, 2, 4, 5);
        Assert.Equal(1000 - 12, (await cluster.Letters("r1").GetAsync()).Balance);
    }

    [Fact]
    public async Task A_caller_that_has_given_up_takes_no_place_among_those_that_may_wait()
    {
        var held = await FillAsync("r2");
        await Assert.ThrowsAsync<ChannelFullException>(() => SendAsync("r2", 3));
        await Assert.ThrowsAsync<ChannelFullException>(() => SendAsync("r2", 4));
        var waiting = SendAsync("r2", 5);
        await cluster.Letters("r2").GetAsync(); // The one before it is waiting now.
        Assert.False(waiting.IsCompleted);
        held.Release();
        await waiting;
        await cluster.UntilTakenAsync("r2-to", 1, 2, 5);
    }

    [Fact]
    public async Task One_more_than_may_wait_is_refused_at_once()
    {
        var held = await FillAsync("r3");
        Task[] waiting = [SendAsync("r3", 3), SendAsync("r3", 4), SendAsync("r3", 5)];
        var refused = await Task.WhenAny(waiting);
        await Assert.ThrowsAsync<ChannelFullException>(() => refused);
        held.Release();
        await Task.WhenAll(waiting.Where(task => task != refused));
    }

    /// <summary>
    /// Every packet that comes makes the callers that wait look again; their time must not begin again with it.
    /// </summary>
    [Fact]
    public async Task Traffic_of_others_does_not_make_a_caller_wait_longer()
    {
        var held = await FillAsync("r4");
        await cluster.OpenAsync("r4-other");
        var waiting = SendAsync("r4", 3);
        var watch = Stopwatch.StartNew();
        while (!waiting.IsCompleted && watch.Elapsed < TimeSpan.FromSeconds(30)) await cluster.Letters("r4-other").SendAsync(new("r4"), 1);
        Assert.True(waiting.IsCompleted, "it still waits");
        await Assert.ThrowsAsync<ChannelFullException>(() => waiting);
        held.Release();
    }

    [Fact]
    public async Task Several_letters_of_one_step_wait_until_there_is_room_for_all()
    {
        await cluster.OpenAsync("r5", "r5-to");
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("r5-to")));
        await SendAsync("r5", 1);
        await held.Hit;
        var waiting = cluster.Letters("r5").SendAsync(new("r5-to"), 2, 3);
        await cluster.Letters("r5").GetAsync();
        held.Release();
        await waiting;
        await cluster.UntilTakenAsync("r5-to", 1, 2, 3);
    }

    [Fact]
    public async Task More_letters_in_one_step_than_a_window_holds_are_refused_for_good()
    {
        await cluster.OpenAsync("r6");
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Letters("r6").SendAsync(new("r6-to"), 1, 2, 3));
        Assert.Equal(1000, (await cluster.Letters("r6").GetAsync()).Balance);
    }

    private async Task<StorageRule> FillAsync(string id)
    {
        await cluster.OpenAsync(id, $"{id}-to");
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters($"{id}-to")));
        await SendAsync(id, 1);
        await SendAsync(id, 2);
        await held.Hit;
        return held;
    }

    private Task SendAsync(string id, long amount) => cluster.Letters(id).SendAsync(new($"{id}-to"), amount);

    private async Task RetryAsync(string id, long amount, Task before)
    {
        await before;
        await LetterCluster.UntilAsync(
            async () =>
            {
                try
                {
                    await SendAsync(id, amount);
                    return true;
                }
                catch (ChannelFullException)
                {
                    return false;
                }
            },
            "there is room again");
    }
}
