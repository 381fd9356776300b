using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A message that comes early is delivered at once, and those before it never.</summary>
internal sealed class GapDelivered(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : MeddlingProcess(id, application, profile, record, now)
{
    public override void Receive(LedgerFrame frame, Instant now)
    {
        if (frame.Content is MessageContent<LedgerMessage> content
            && frame.Epoch == Epoch
            && IncomingFrom(frame.Channel.Source) is { } channel
            && frame.First > channel.Delivered.Next)
        {
            Edit(With(ToRecord(), channel with { Delivered = new(frame.First.Value - 1), Messages = new(content.Number.Value - 1) }), now);
        }

        base.Receive(frame, now);
    }

    protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
    {
    }
}
