namespace Snapshots.Simulator.Tests;

public sealed class JudgeTests
{
    [Fact]
    public void Snapshots_change_nothing_for_the_application()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var plan = Campaign.PlanOf(seed);
            var (with, without) = (new World(plan, new Variant()), new World(plan.WithoutSnapshots(), new Variant()));
            Assert.Null(with.Run());
            Assert.Null(without.Run());
            if (with.Trace.Events.Any(each => each is DamagedAtRest<LedgerState, LedgerMessage>)) continue; // It has no result.
            Assert.DoesNotContain(without.Trace.Events, each => each is SnapshotBegun<LedgerState, LedgerMessage>);
            Assert.Null(RunOutcome.Of(EpochHistories.Of(with.Trace)[^1]).FindDifference(RunOutcome.Of(without.Trace)));
        }
    }

    [Fact]
    public void Another_result_than_the_model_is_a_breach()
    {
        var plan = Campaign.PlanOf(1);
        var verdict = Judge.Run(plan, static () => new Generous(), alsoWithoutSnapshots: false);
        Assert.Contains(verdict.Breaches, breach => breach.Invariant == Judge.SameResult);
    }

    [Fact]
    public void What_the_core_throws_is_a_breach()
    {
        var verdict = Judge.Run(Campaign.PlanOf(1), static () => new Throwing(), alsoWithoutSnapshots: false);
        Assert.Equal(Judge.NoException, Assert.Single(verdict.Breaches).Invariant);
    }

    [Fact]
    public void An_outcome_tells_other_states_messages_and_orders_apart()
    {
        Assert.Null(Outcome(1, 2).FindDifference(Outcome(1, 2)));
        Assert.NotNull(Outcome(1, 2).FindDifference(Outcome(2, 1)));
        Assert.NotNull(Outcome(1, 2).FindDifference(Outcome(1)));
        Assert.NotNull(Outcome(1).FindDifference(Outcome(1, 2)));
        var other = Outcome(1, 2);
        other.End(HandMade.A, HandMade.Paid);
        Assert.NotNull(Outcome(1, 2).FindDifference(other));
    }

    private static RunOutcome Outcome(params int[] keys)
    {
        var outcome = new RunOutcome();
        foreach (var key in keys) outcome.Send(HandMade.Channel, new(key, 1, IsReturn: false));
        return outcome;
    }

    private sealed class Generous : Variant
    {
        public override LedgerApplication Application { get; } = new Ledger();

        private sealed class Ledger : LedgerApplication
        {
            public override LedgerDecision Decide(LedgerState state, LedgerRequest request) =>
                base.Decide(state with { Own = state.Own + 1, Deposited = state.Deposited + 1 }, request);
        }
    }

    private sealed class Throwing : Variant
    {
        public override LedgerApplication Application { get; } = new Ledger();

        private sealed class Ledger : LedgerApplication
        {
            public override LedgerDecision Decide(LedgerState state, LedgerRequest request) => throw new InvalidOperationException("no");
        }
    }
}
