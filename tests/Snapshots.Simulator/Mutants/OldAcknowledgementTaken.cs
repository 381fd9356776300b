using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The epoch of an acknowledgement is not looked at.</summary>
internal sealed class OldAcknowledgementTaken(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : HostedProcess(id, application, profile, record, now)
{
    public override void Receive(Acknowledgement acknowledgement, Instant now) =>
        base.Receive(acknowledgement with { Epoch = Epoch }, now);
}
