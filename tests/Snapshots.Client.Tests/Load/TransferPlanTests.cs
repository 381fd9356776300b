namespace Snapshots.Client.Tests;

public sealed class TransferPlanTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(100, 8)]
    public void Nobody_pays_himself_and_all_stays_in_bounds(int accounts, int partners)
    {
        var plan = new TransferPlan(seed: 7, accounts, partners);
        var (payers, paid) = (new HashSet<int>(), new HashSet<(int, int)>());
        for (var number = 0; number < 20_000; number++)
        {
            var (from, to, amount) = plan[number];
            Assert.NotEqual(from, to);
            Assert.InRange(from, 0, accounts - 1);
            Assert.InRange(to, 0, accounts - 1);
            Assert.InRange(amount, 1, TransferPlan.MaxAmount);
            payers.Add(from);
            paid.Add((from, to));
        }

        Assert.Equal(accounts, payers.Count);
        Assert.Equal(accounts * partners, paid.Count);
    }

    [Fact]
    public void The_plan_of_a_seed_never_changes()
    {
        var plan = new TransferPlan(seed: 1, accounts: 100, partners: 99);
        var first = string.Join(' ', Enumerable.Range(0, 3).Select(number => plan[number]));
        Assert.Equal(new TransferPlan(1, 100, 99)[2], plan[2]);
        Assert.NotEqual(
            first, string.Join(' ', Enumerable.Range(0, 3).Select(number => new TransferPlan(2, 100, 99)[number])));
    }
}
