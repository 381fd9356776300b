namespace Snapshots.Simulator.Tests;

public sealed class PlanGeneratorTests
{
    [Fact]
    public void The_same_seed_makes_the_same_plan()
    {
        var (one, other) = (PlanGenerator.Create(7), PlanGenerator.Create(7));
        Assert.Equal(one.Profile, other.Profile);
        Assert.Equal(one.Operations, other.Operations);
        Assert.NotEqual(one.Operations, PlanGenerator.Create(8).Operations);
    }

    [Fact]
    public void Runs_differ_in_kind_and_not_only_in_order()
    {
        var profiles = Enumerable.Range(1, 300).Select(seed => PlanGenerator.Create((ulong)seed).Profile).ToList();
        Assert.Contains(profiles, profile => profile is { Loss: 0, Repetition: 0, Delay: 0 });
        Assert.Contains(profiles, profile => profile is { Loss: > 0, Repetition: > 0, Delay: > 0 });
        Assert.Contains(profiles, profile => profile is { SlowWrite: 0, FailedWrite: 0, UnknownWrite: 0 });
        Assert.Equal(2, profiles.Select(profile => profile.Opening).Distinct().Count());
        Assert.Equal([2, 3, 4], profiles.Select(profile => profile.Processes).Distinct().Order());
    }

    [Fact]
    public void Every_kind_of_operation_is_drawn()
    {
        var kinds = Enumerable.Range(1, 300).SelectMany(seed => PlanGenerator.Create((ulong)seed).Operations).Select(each => each.Kind);
        Assert.Equal(Enum.GetValues<OperationKind>(), kinds.Distinct().Order());
    }

    [Fact]
    public void Operations_stand_in_the_order_of_time()
    {
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var times = PlanGenerator.Create(seed).Operations.Select(each => each.AtMs).ToList();
            Assert.Equal(times.Order(), times);
        }
    }
}
