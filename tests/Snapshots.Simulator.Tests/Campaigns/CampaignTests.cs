namespace Snapshots.Simulator.Tests;

public sealed class CampaignTests
{
    private const int Seeds = 2000;

    [Fact]
    public void No_schedule_breaks_an_invariant_and_everything_was_seen()
    {
        var result = Campaign.Run(1, Seeds, static _ => { }, TestContext.Current.CancellationToken);
        Assert.True(result.Violations.IsEmpty, string.Join('\n', result.Violations.Take(1).SelectMany(ShrunkSchedule.Of)));
        Assert.Empty(result.Unseen);
        Assert.Equal(Seeds, result.Runs);
    }

    [Fact]
    public void The_same_seeds_give_the_same_digest_on_every_machine()
    {
        var result = Campaign.Run(1, 100, static _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal("sha256:2e3a64f239e22c408eeec848a85d76f43d8e5daf2d2897c46177a37e517b8f22", result.Digest);
    }

    [Fact]
    public void Other_seeds_give_another_digest()
    {
        var one = Campaign.Run(1, 10, static _ => { }, TestContext.Current.CancellationToken);
        var other = Campaign.Run(2, 10, static _ => { }, TestContext.Current.CancellationToken);
        Assert.NotEqual(one.Digest, other.Digest);
    }

    [Fact]
    public void A_small_campaign_need_not_see_everything_and_a_large_one_must()
    {
        var small = new CampaignResult(CampaignResult.MinRunsToSeeAll - 1, [], "", 1, [("crashes", 0), ("completed", 5)]);
        Assert.Empty(small.Unseen);
        Assert.Equal(["crashes"], (small with { Runs = CampaignResult.MinRunsToSeeAll }).Unseen);
    }

    [Fact]
    public void A_campaign_can_be_ended_early()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Campaign.Run(1, 10, static _ => { }, source.Token));
    }
}
