using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains.Tests;

/// <summary>Many steps asked for in one call.</summary>
public sealed class ManyStepsTests(RoomCluster cluster) : IClassFixture<RoomCluster>
{
    [Fact]
    public async Task Each_rests_on_the_one_before_and_all_are_written_at_once()
    {
        await cluster.OpenAsync("m1", "m1-a", "m1-b", "m1-c");
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("m1")));
        var answer = SendAsync("m1", "m1-a", "m1-b", "m1-c");
        await held.Hit;
        Assert.Equal(1000, (await cluster.Letters("m1").GetAsync()).Balance); // Nothing of it is shown before it is written.
        Assert.False(answer.IsCompleted);
        held.Release();
        Assert.Equal(["990", "980", "970"], await answer);
        Assert.Equal(970, (await cluster.StoredAsync("m1")).State.Balance);
        foreach (var target in new[] { "m1-a", "m1-b", "m1-c" }) await cluster.UntilTakenAsync(target, 10);
    }

    [Fact]
    public async Task A_newcomer_makes_them_once_it_has_joined()
    {
        Assert.Equal(["-10", "-20"], await SendAsync("m2", "m2-a", "m2-b"));
        await cluster.UntilTakenAsync("m2-b", 10);
    }

    [Fact]
    public async Task None_at_all_are_made_at_once() => Assert.Empty(await SendAsync("m3"));

    [Fact]
    public async Task Steps_that_find_no_room_are_not_made_and_hold_up_no_others()
    {
        await cluster.OpenAsync("m4", "m4-full", "m4-other");
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("m4-full")));
        Assert.Equal(["990", "980", null, "970"], await SendAsync("m4", "m4-full", "m4-full", "m4-full", "m4-other"));
        await cluster.UntilTakenAsync("m4-other", 10);
        await held.Hit;
        held.Release();
        await cluster.UntilTakenAsync("m4-full", 10, 10);
        Assert.Equal(970, (await cluster.Letters("m4").GetAsync()).Balance);
    }

    [Fact]
    public async Task When_the_write_fails_none_is_kept()
    {
        await cluster.OpenAsync("m5");
        cluster.Storage.Fail("process", LetterCluster.Is(cluster.Letters("m5")), FaultKind.Before);
        await Assert.ThrowsAsync<NotPersistedException>(() => SendAsync("m5", "m5-a", "m5-b"));
        await LetterCluster.UntilAsync(async () => (await BalanceAsync("m5")) == 1000, "the account is as it was");
    }

    [Fact]
    public async Task Those_before_one_that_cannot_be_decided_are_made_and_written()
    {
        await cluster.OpenAsync("m6");
        await Assert.ThrowsAsync<ArgumentException>(() => SendAsync("m6", "m6-a", "m6", "m6-b"));
        await cluster.UntilTakenAsync("m6-a", 10);
        Assert.Equal(990, (await cluster.StoredAsync("m6")).State.Balance);
    }

    private Task<ImmutableArray<string?>> SendAsync(string from, params string[] targets) =>
        cluster.Letters(from).SendToAllAsync(10, [.. targets.Select(target => new ProcessId(target))]);

    private async Task<long?> BalanceAsync(string id)
    {
        try
        {
            return (await cluster.Letters(id).GetAsync()).Balance;
        }
        catch (NotPersistedException)
        {
            return null;
        }
    }
}
