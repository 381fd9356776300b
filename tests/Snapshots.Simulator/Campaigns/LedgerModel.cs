using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// What a plan comes to, worked out on the back of an envelope: each process's requests one after the other, then every
/// message, then every return. No network, no faults, no snapshots, and nothing of the core.
/// </summary>
internal static class LedgerModel
{
    public static RunOutcome OutcomeOf(Plan plan)
    {
        var outcome = new RunOutcome();
        var states = new SortedDictionary<ProcessId, LedgerState>();
        var sent = new List<(ProcessId Source, ProcessId Target, LedgerMessage Message)>();
        foreach (var operation in plan.Operations.Where(each => each.Kind == OperationKind.Request))
        {
            var (self, other) = (ProcessNames.Of(operation.Process), ProcessNames.Of(operation.Other));
            var state = states.GetValueOrDefault(self, LedgerState.Empty);
            var (isDeposit, amount) = (self == other, operation.Value);
            var isAccepted = isDeposit || state.Own >= amount;
            if (isAccepted && !isDeposit) sent.Add((self, other, new(operation.Key, amount, IsReturn: false)));
            states[self] = new LedgerState(
                state.Steps + 1,
                state.Own + (isDeposit ? amount : isAccepted ? -amount : 0),
                state.Received,
                state.Deposited + (isDeposit ? amount : 0),
                state.Outcomes.Add(new(operation.Key, isAccepted)));
        }

        foreach (var (source, target, message) in sent)
        {
            outcome.Send(new(source, target), message);
            var isTaken = message.Amount <= LedgerApplication.MaxTaken;
            Credit(states, target, isTaken ? message.Amount : 0);
            if (isTaken) continue;
            outcome.Send(new(target, source), message with { IsReturn = true });
            Credit(states, source, message.Amount);
        }

        foreach (var (process, state) in states) outcome.End(process, state);
        return outcome;
    }

    private static void Credit(SortedDictionary<ProcessId, LedgerState> states, ProcessId process, long amount)
    {
        var state = states.GetValueOrDefault(process, LedgerState.Empty);
        states[process] = state with { Steps = state.Steps + 1, Received = state.Received + amount };
    }
}
