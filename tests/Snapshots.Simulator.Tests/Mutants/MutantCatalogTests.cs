namespace Snapshots.Simulator.Tests;

public sealed class MutantCatalogTests
{
    public static TheoryData<string> Names() => [.. MutantCatalog.All.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_fault_is_caught_by_the_invariant_that_it_breaks(string name)
    {
        var mutant = MutantCatalog.All.Single(each => each.Name == name);
        Assert.Contains(mutant.CaughtBy, Judge.Names);
        var result = MutantHunt.Hunt(mutant, 1, TestContext.Current.CancellationToken);
        Assert.True(result.IsCaught, $"{name} was not caught by {mutant.CaughtBy}, only by [{string.Join(", ", result.AlsoCaughtBy)}]");
    }

    [Fact]
    public void A_fault_that_changes_nothing_escapes()
    {
        var harmless = new Mutant("harmless", "nothing", "fifo", static () => new Variant());
        Assert.False(MutantHunt.Hunt(harmless, 1, TestContext.Current.CancellationToken, seeds: 20).IsCaught);
    }

    [Fact]
    public void Faults_have_names_of_their_own() =>
        Assert.Equal(MutantCatalog.All.Length, MutantCatalog.All.Select(mutant => mutant.Name).Distinct().Count());
}
