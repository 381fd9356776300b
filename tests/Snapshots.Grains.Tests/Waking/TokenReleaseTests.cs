namespace Snapshots.Grains.Tests;

public sealed class TokenReleaseTests(RestCluster cluster) : IClassFixture<RestCluster>
{
    [Fact]
    public async Task A_process_that_has_rested_releases_its_token_and_enlists_again_before_it_writes_new_work()
    {
        await cluster.OpenAsync("r-from", "r-to");
        for (var amount = 1L; amount <= 3; amount++)
        {
            var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("r-from")));
            var sent = cluster.Letters("r-from").SendAsync(new("r-to"), amount);
            await held.Hit;
            Assert.True(cluster.IsEnlisted("r-from"), $"it writes letter {amount} and is not enlisted");
            held.Release();
            await sent;
            await cluster.UntilTakenAsync("r-to", [.. Enumerable.Range(1, (int)amount).Select(each => (long)each)]);
            await LetterCluster.UntilAsync(() => Task.FromResult(!cluster.IsEnlisted("r-from")), "its token is released");
        }
    }

    [Fact]
    public async Task A_process_that_sends_markers_enlists_and_releases_its_token_when_it_knows_of_the_end()
    {
        await cluster.OpenAsync("s-1", "s-2");
        await cluster.Letters("s-1").SendAsync(new("s-2"), 1);
        await cluster.UntilTakenAsync("s-2", 1);
        await LetterCluster.UntilAsync(() => Task.FromResult(!cluster.IsEnlisted("s-1")), "its token is released");
        var held = cluster.Storage.Hold("process", LetterCluster.Is(cluster.Letters("s-2")));
        var step = cluster.Letters("s-2").DepositAsync(0);
        await held.Hit;
        await cluster.BeginAsync("s");
        await LetterCluster.UntilAsync(() => Task.FromResult(cluster.IsEnlisted("s-1")), "it is enlisted");
        await cluster.Process("s-1").SettleAsync();
        held.Release();
        await step;
        await cluster.ProveAsync(await cluster.EndOfAsync("s"));
        await LetterCluster.UntilAsync(() => Task.FromResult(!cluster.IsEnlisted("s-1") && !cluster.IsEnlisted("s-2")), "both tokens are released");
    }
}
