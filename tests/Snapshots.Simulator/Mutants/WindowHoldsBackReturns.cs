using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A message that would have to be returned is not delivered while the window to its sender is full.</summary>
internal sealed class WindowHoldsBackReturns(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : HostedProcess(id, application, profile, record, now)
{
    public override void Receive(LedgerFrame frame, Instant now)
    {
        var isReturned = frame.Content is MessageContent<LedgerMessage> { Message: { IsReturn: false, Amount: > LedgerApplication.MaxTaken } };
        if (isReturned && !HasRoom(frame.Channel.Source, 1)) return;
        base.Receive(frame, now);
    }
}
