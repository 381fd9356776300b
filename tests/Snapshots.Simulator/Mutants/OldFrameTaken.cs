using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The epoch of a frame is not looked at.</summary>
internal sealed class OldFrameTaken(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : HostedProcess(id, application, profile, record, now)
{
    public override void Receive(LedgerFrame frame, Instant now) => base.Receive(frame with { Epoch = Epoch }, now);
}
