namespace Snapshots.Simulator;

/// <summary>Only what was accepted is kept under its key.</summary>
internal sealed class RefusalNotKept : Variant
{
    public override LedgerApplication Application { get; } = new ForgetfulLedger();

    private sealed class ForgetfulLedger : LedgerApplication
    {
        public override LedgerDecision Decide(LedgerState state, LedgerRequest request)
        {
            var decision = base.Decide(state, request);
            return decision.IsAccepted ? decision : decision with { Reaction = null };
        }
    }
}
