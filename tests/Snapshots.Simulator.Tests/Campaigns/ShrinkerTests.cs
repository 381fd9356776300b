namespace Snapshots.Simulator.Tests;

public sealed class ShrinkerTests
{
    private static readonly Mutant Planted = MutantCatalog.All.Single(mutant => mutant.Name == "duplicatesDelivered");

    [Fact]
    public void A_failing_plan_becomes_shorter_and_breaks_the_same_invariant()
    {
        var seed = MutantHunt.Hunt(Planted, 1, TestContext.Current.CancellationToken).CaughtAt!.Value;
        var plan = Campaign.PlanOf(seed);
        var shrunk = Shrinker.Shrink(plan, Planted.Create, Planted.CaughtBy, alsoWithoutSnapshots: false);
        Assert.True(shrunk.Operations.Length <= 4, $"{shrunk.Operations.Length} operations are left of {plan.Operations.Length}");
        var verdict = Judge.Run(shrunk, Planted.Create, alsoWithoutSnapshots: false);
        Assert.Contains(verdict.Breaches, breach => breach.Invariant == Planted.CaughtBy);
    }

    [Fact]
    public void A_plan_that_breaks_nothing_stays_as_it_is()
    {
        var plan = Campaign.PlanOf(1);
        Assert.Same(plan, Shrinker.Shrink(plan, static () => new Variant(), "fifo", alsoWithoutSnapshots: false));
    }

    [Fact]
    public void The_text_names_what_is_broken_and_how_to_repeat_it()
    {
        var caught = MutantHunt.Hunt(Planted, 1, TestContext.Current.CancellationToken);
        var violation = new CampaignViolation(caught.CaughtAt!.Value, caught.Expected, caught.Detail);
        var lines = ShrunkSchedule.Of(violation, Planted.Create);
        Assert.Equal(lines, ShrunkSchedule.Of(violation, Planted.Create));
        Assert.StartsWith($"seed {violation.Seed} breaks fifo; reduced from ", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("BROKEN fifo: ", StringComparison.Ordinal));
        Assert.Equal(
            $"repeat: dotnet run -c Release --project tests/Snapshots.Simulator -- --from {violation.Seed} --seeds 1", lines[^1]);
    }

    [Theory]
    [InlineData(180, 180, "1")]
    [InlineData(181, 181, "[1 lines more]")]
    [InlineData(5000, 181, "[4820 lines more]")]
    public void A_run_that_never_ends_is_not_printed_to_its_end(int lines, int printed, string line)
    {
        var text = ShrunkSchedule.Shorten([.. Enumerable.Range(1, lines).Select(number => $"{number}")]).ToList();
        Assert.Equal(printed, text.Count);
        Assert.Contains(line, text);
        Assert.Equal($"{lines}", text[^1]);
    }
}
