using CsCheck;

namespace Snapshots.Detection.Tests;

/// <summary>A failure of a property prints its seed: pass it as <c>seed:</c> to Sample to repeat the run.</summary>
public sealed class WaitGraphTests
{
    private static readonly WaitNode A = new(new("A"));
    private static readonly WaitNode B = new(new("B"));
    private static readonly WaitNode C = new(new("C"));
    private static readonly WaitNode D = new(new("D"));

    [Fact]
    public void An_empty_graph_has_no_deadlock() => AssertNone(new WaitGraph().FindDeadlock());

    [Fact]
    public void A_chain_of_waits_that_ends_at_one_that_can_act_is_no_deadlock()
    {
        var graph = new WaitGraph();
        graph.WaitForAll(A, B);
        graph.WaitForAll(B, C);
        AssertNone(graph.FindDeadlock());
    }

    [Fact]
    public void Two_that_wait_for_each_other_are_a_cycle_and_block_what_waits_for_them()
    {
        var graph = new WaitGraph();
        graph.WaitForAll(C, B, D);
        graph.WaitForAll(B, A);
        graph.WaitForAll(A, B);
        var deadlock = graph.FindDeadlock();
        Assert.Equal([A, B, C], deadlock.Blocked);
        Assert.Equal([A, B], deadlock.Witness);
        Assert.Equal((WitnessKind.Cycle, B), (deadlock.Kind, deadlock.Victim));
    }

    [Fact]
    public void A_cycle_is_shown_in_the_order_of_its_waits()
    {
        var graph = new WaitGraph();
        graph.WaitForAll(A, C);
        graph.WaitForAll(C, B);
        graph.WaitForAll(B, A);
        Assert.Equal([A, C, B], graph.FindDeadlock().Witness);
    }

    [Fact]
    public void One_that_waits_for_itself_is_a_cycle()
    {
        var graph = new WaitGraph();
        graph.WaitForAny(A, A);
        Assert.Equal([A], graph.FindDeadlock().Witness);
    }

    [Fact]
    public void A_cycle_of_or_waits_with_a_way_out_is_no_deadlock()
    {
        var graph = new WaitGraph();
        graph.WaitForAny(A, B);
        graph.WaitForAny(B, A, C);
        AssertNone(graph.FindDeadlock());
    }

    [Fact]
    public void Or_waits_without_a_way_out_are_a_knot()
    {
        var graph = new WaitGraph();
        graph.WaitForAny(A, B, C);
        graph.WaitForAny(B, A);
        graph.WaitForAny(C, A);
        graph.WaitForAny(D, A);
        var deadlock = graph.FindDeadlock();
        Assert.Equal([A, B, C, D], deadlock.Blocked);
        Assert.Equal([A, B, C], deadlock.Witness);
        Assert.Equal((WitnessKind.Knot, C), (deadlock.Kind, deadlock.Victim));
    }

    [Fact]
    public void Two_of_three_are_enough_only_if_two_can_act()
    {
        var graph = new WaitGraph();
        graph.WaitFor(A, 2, B, C, D);
        graph.WaitForAll(B, A);
        AssertNone(graph.FindDeadlock());

        graph.WaitForAny(C, A);
        var deadlock = graph.FindDeadlock();
        Assert.Equal([A, B, C], deadlock.Blocked);
        Assert.Equal((WitnessKind.Irreducible, 3), (deadlock.Kind, deadlock.Witness.Length));
    }

    [Fact]
    public void A_process_with_two_requests_waits_for_each_on_its_own()
    {
        var (first, second) = (new WaitNode(A.Process, "1"), new WaitNode(A.Process, "2"));
        var graph = new WaitGraph();
        graph.WaitForAll(first, B);
        graph.WaitForAll(second, C);
        graph.WaitForAll(B, first);
        Assert.Equal([first, B], graph.FindDeadlock().Blocked);
    }

    [Fact]
    public void A_target_that_is_named_twice_counts_once()
    {
        var graph = new WaitGraph();
        graph.WaitForAll(A, B, B);
        AssertNone(graph.FindDeadlock());
        Assert.Throws<ArgumentException>(() => graph.WaitFor(B, 2, A, A));
    }

    [Fact]
    public void An_illegal_wait_throws_and_changes_nothing()
    {
        var graph = new WaitGraph();
        graph.WaitForAll(A, B);
        Assert.Throws<ArgumentException>(() => graph.WaitForAll(A, C));
        Assert.Throws<ArgumentException>(() => graph.WaitForAll(B));
        Assert.Throws<ArgumentException>(() => graph.WaitFor(B, 0, A));
        Assert.Throws<ArgumentException>(() => graph.WaitFor(B, 2, A));
        AssertNone(graph.FindDeadlock());
        graph.WaitForAll(B, A);
        Assert.Equal([A, B], graph.FindDeadlock().Blocked);
    }

    [Fact]
    public void What_is_blocked_is_what_is_in_an_irreducible_subset_and_acts_in_no_execution()
    {
        var sightings = new Sightings();
        SmallWaits.Gen.Sample(
            waits =>
            {
                var blocked = Blocked(waits);
                Assert.Equal(waits.BlockedBySubsets(), blocked);
                Assert.Equal(waits.BlockedByExecutions(), blocked);
                sightings.See("nobody", blocked.Count == 0);
                sightings.See("some", blocked.Count > 0 && blocked.Count < waits.Count);
                sightings.See("all", blocked.Count == waits.Count);
            },
            iter: 5_000);
        sightings.AssertSeen(100, "nobody", "some", "all");
    }

    [Fact]
    public void A_witness_is_irreducible_and_no_smaller_part_of_it_is()
    {
        var sightings = new Sightings();
        SmallWaits.Gen.Sample(
            waits =>
            {
                var deadlock = waits.ToGraph(Enumerable.Range(0, waits.Count)).FindDeadlock();
                sightings.See($"{deadlock.Kind}");
                if (!deadlock.Exists) return;
                var witness = deadlock.Witness.Select(SmallWaits.Number).ToList();
                Assert.True(waits.IsIrreducible(witness.ToHashSet()));
                Assert.DoesNotContain(SmallWaits.ProperSubsets(witness), waits.IsIrreducible);
                if (deadlock.Kind != WitnessKind.Cycle) return;
                Assert.All(witness, (node, index) =>
                    Assert.Contains(witness[(index + 1) % witness.Count], waits[node].Targets));
            },
            iter: 20_000);
        sightings.AssertSeen(30, "None", "Cycle", "Knot", "Irreducible");
    }

    [Fact]
    public void The_answer_does_not_depend_on_the_order_in_which_waits_are_added() => SmallWaits.Gen.Sample(
        waits =>
        {
            var first = waits.ToGraph(Enumerable.Range(0, waits.Count)).FindDeadlock();
            var second = waits.ToGraph(Enumerable.Range(0, waits.Count).Reverse()).FindDeadlock();
            Assert.Equal((first.Kind, first.Victim), (second.Kind, second.Victim));
            Assert.Equal(first.Blocked, second.Blocked);
            Assert.Equal(first.Witness, second.Witness);
        },
        iter: 5_000);

    private static SortedSet<int> Blocked(SmallWaits waits) =>
        [.. waits.ToGraph(Enumerable.Range(0, waits.Count)).FindDeadlock().Blocked.Select(SmallWaits.Number)];

    private static void AssertNone(Deadlock deadlock)
    {
        Assert.False(deadlock.Exists);
        Assert.Empty(deadlock.Witness);
        Assert.Equal((WitnessKind.None, null), (deadlock.Kind, deadlock.Victim));
    }
}
