using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// A small bank for the simulator: transfers with keys, refusals that are kept under their keys, and money that comes
/// back when its receiver does not take it.
/// </summary>
internal class LedgerApplication : ITracedApplication<LedgerState, LedgerMessage>
{
    /// <summary>The most that a process takes in one transfer; more comes back.</summary>
    public const long MaxTaken = 100;

    public static LedgerApplication Instance { get; } = new();

    public LedgerState CreateState(ProcessId self) => LedgerState.Empty;

    public Reaction<LedgerState, LedgerMessage> Deliver(ProcessId self, LedgerState state, ProcessId source, LedgerMessage message) =>
        message.IsReturn || message.Amount <= MaxTaken
            ? new(state with { Steps = state.Steps + 1, Received = state.Received + message.Amount })
            : new(state with { Steps = state.Steps + 1 }, [new(source, message with { IsReturn = true })]);

    /// <summary>What a request does; one that was decided before does nothing and is answered as then.</summary>
    public virtual LedgerDecision Decide(LedgerState state, LedgerRequest request)
    {
        if (state.OutcomeOf(request.Key) is { } kept) return new(kept.IsAccepted, null);
        var isAccepted = request.IsDeposit || request.Amount <= state.Own;
        var decided = state with { Steps = state.Steps + 1, Outcomes = state.Outcomes.Add(new(request.Key, isAccepted)) };
        if (!isAccepted) return new(false, new(decided));
        return new(true, request.IsDeposit
            ? new(decided with { Own = state.Own + request.Amount, Deposited = state.Deposited + request.Amount })
            : new(
                decided with { Own = state.Own - request.Amount },
                [new(request.Target, new(request.Key, request.Amount, IsReturn: false))]));
    }

    public ulong Fingerprint(LedgerMessage message)
    {
        unchecked
        {
            return SplitMix64.Mix((ulong)message.Identity + 1) ^ (ulong)message.Amount;
        }
    }

    public ulong FingerprintOf(LedgerState state)
    {
        unchecked
        {
            var hash = SplitMix64.Mix((ulong)state.Steps + 1);
            hash = SplitMix64.Mix(hash ^ (ulong)state.Own);
            hash = SplitMix64.Mix(hash ^ (ulong)state.Received);
            hash = SplitMix64.Mix(hash ^ (ulong)state.Deposited);
            foreach (var outcome in state.Outcomes) hash = SplitMix64.Mix(hash ^ (((ulong)outcome.Key << 1) + (outcome.IsAccepted ? 1UL : 0)));
            return hash;
        }
    }

    public long WorthOf(LedgerState state) => state.Own + state.Received - state.Deposited;

    public long WorthOf(LedgerMessage message) => message.Amount;

    public long IdentityOf(LedgerMessage message) => message.Identity;

    public ProcessRecord<LedgerState, LedgerMessage> Copy(ProcessRecord<LedgerState, LedgerMessage> record) => LedgerRecordCodec.Copy(record);
}
