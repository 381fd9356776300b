using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A marker of a snapshot that has ended is taken for that of a new one.</summary>
internal sealed class LateMarkerStartsAnew(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : MeddlingProcess(id, application, profile, record, now)
{
    public override void Receive(LedgerFrame frame, Instant now)
    {
        if (frame.Content is MarkerContent<LedgerMessage> marker && frame.Epoch == Epoch && Known.HasEnded(marker.Snapshot))
        {
            Edit(ToRecord() with { Known = new(Known.Highest, Known.Open.Add(marker.Snapshot)) }, now);
        }

        base.Receive(frame, now);
    }

    protected override void Meddle(LedgerRecord before, LedgerFrame? frame, Instant now)
    {
    }
}
