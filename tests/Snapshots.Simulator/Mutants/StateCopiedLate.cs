using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The counts are taken at the cut, the state only after the next message was applied.</summary>
internal sealed class StateCopiedLate(
    ProcessId id, IApplication<LedgerState, LedgerMessage> application, Profile profile, LedgerRecord? record, Instant now)
    : HostedProcess(id, application, profile, record, now)
{
    private readonly Dictionary<SnapshotNumber, LocalReport<LedgerState>> _held = [];
    private readonly Dictionary<SnapshotNumber, LocalReport<LedgerState>> _told = [];

    public override LedgerEffects TakeEffects()
    {
        var effects = base.TakeEffects();
        foreach (var local in effects.Reports.OfType<LocalReport<LedgerState>>()) _held[local.Snapshot] = local;
        List<Report> reports = [.. effects.Reports.Where(report => report is not LocalReport<LedgerState>)];
        foreach (var (snapshot, local) in _held.Where(each => !ReferenceEquals(each.Value.State, State)).ToList())
        {
            _held.Remove(snapshot);
            _told[snapshot] = local with { State = State };
            reports.Add(_told[snapshot]);
        }

        return effects with { Reports = [.. reports] };
    }

    public override IEnumerable<Report> UnacceptedReports() => base.UnacceptedReports()
        .Where(report => report is not LocalReport<LedgerState> || !_held.ContainsKey(report.Snapshot))
        .Select(report => report is LocalReport<LedgerState> && _told.TryGetValue(report.Snapshot, out var told) ? told : report);
}
