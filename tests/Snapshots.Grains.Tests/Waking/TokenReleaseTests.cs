namespace Snapshots.Grains.Tests;

public sealed class ListingRestTests(RestCluster cluster) : IClassFixture<RestCluster>
{
    [Fact]
    public async Task Who_has_rested_is_struck_off_and_listed_again_before_it_writes_new_work()
    {
        await cluster.OpenAsync("r-from", "r-to");
        for (var amount = 1L; amount <= 3; amount++)
        {
            var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("r-from")));
            var sent = cluster.Letters("r-from").SendAsync(new("r-to"), amount);
            await held.Hit;
            Assert.True(cluster.IsListed("r-from"), $"it writes letter {amount} and is not listed");
            held.Release();
            await sent;
            await cluster.UntilTakenAsync("r-to", [.. Enumerable.Range(1, (int)amount).Select(each => (long)each)]);
            await LetterCluster.UntilAsync(() => Task.FromResult(!cluster.IsListed("r-from")), "it is struck off");
        }
    }

    [Fact]
    public async Task Who_sends_markers_is_listed_and_struck_off_when_it_knows_of_the_end()
    {
        await cluster.OpenAsync("s-1", "s-2");
        await cluster.Letters("s-1").SendAsync(new("s-2"), 1);
        await cluster.UntilTakenAsync("s-2", 1);
        await LetterCluster.UntilAsync(() => Task.FromResult(!cluster.IsListed("s-1")), "it is struck off");
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("s-2")));
        var step = cluster.Letters("s-2").DepositAsync(0);
        await held.Hit;
        await cluster.BeginAsync("s");
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.IsListed("s-1")), "it is listed");
        await cluster.Process("s-1").SettleAsync();
        held.Release();
        await step;
        await cluster.ProveAsync(await cluster.EndOfAsync("s"));
        await LetterCluster.UntilAsync(() => Task.FromResult(!cluster.IsListed("s-1") && !cluster.IsListed("s-2")), "both are struck off");
    }
}
