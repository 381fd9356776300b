using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Tells what the core delivers to the application, at the moment at which it does.</summary>
internal sealed class ObservedApplication(LedgerApplication inner, Action<DeliveryStep<LedgerState, LedgerMessage>> delivered)
    : IApplication<LedgerState, LedgerMessage>
{
    public LedgerState CreateState(ProcessId self) => inner.CreateState(self);

    public LedgerReaction Deliver(ProcessId self, LedgerState state, ProcessId source, LedgerMessage message)
    {
        var reaction = inner.Deliver(self, state, source, message);
        delivered(new(self, source, message, reaction.State, reaction.Messages));
        return reaction;
    }

    public ulong Fingerprint(LedgerMessage message) => inner.Fingerprint(message);
}
