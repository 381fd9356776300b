using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A message that was delivered before is delivered again.</summary>
internal sealed class DuplicatesDelivered(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : MeddlingProcess(id, application, profile, record, now)
{
    public override void Receive(LedgerFrame frame, Instant now)
    {
        if (frame.Content is not MessageContent<LedgerMessage> content
            || frame.Epoch != Epoch
            || IncomingFrom(frame.Channel.Source) is not { } channel
            || frame.Last > channel.Delivered)
        {
            base.Receive(frame, now);
            return;
        }

        Edit(With(ToRecord(), channel with { Delivered = new(frame.First.Value - 1), Messages = new(content.Number.Value - 1) }), now);
        base.Receive(frame with { Acknowledged = default }, now);
        Edit(With(ToRecord(), channel), now);
    }

    protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
    {
    }
}
