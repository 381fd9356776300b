using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary>All reports of one snapshot, judged by one part that holds all processes.</summary>
internal sealed class SnapshotCollection
{
    private readonly SnapshotNumber _number;
    private readonly List<ProcessId> _members;
    private readonly PartLedger<TokenState, TokenMessage> _ledger;
    private readonly List<Report> _reports = [];
    private SnapshotReading? _reading;

    public SnapshotCollection(SnapshotNumber number, IEnumerable<ProcessId> members)
    {
        _number = number;
        _members = [.. members];
        _ledger = new(number, Epoch.First, new Partition(1), part: 0, life: 1, _members);
    }

    public bool IsComplete { get; private set; }

    public bool HasRecorded(ProcessId process) =>
        _reports.Exists(report => report is LocalReport<TokenState> && report.Process == process);

    /// <summary>Takes a report. One that makes the certificate false would be a bug of the core, and throws.</summary>
    public void Accept(Report report)
    {
        var verdict = _ledger.Accept(report);
        if (verdict != ReportVerdict.Accepted) throw new InvalidOperationException($"the report {report} is {verdict}");
        _reports.Add(report);
        _reading = null;
        if (_ledger.Awaited.Any() && report is not OverflowReport) return; // Nothing is decided, and a standing costs.
        var ruling = CollectionRuling.Of([_ledger.GetStanding()]);
        if (ruling.Status == CollectionStatus.Failed) throw new InvalidOperationException($"snapshot {_number} failed: {ruling.Reason}");
        IsComplete = ruling.Status == CollectionStatus.Complete;
    }

    /// <summary>
    /// What is there. It is put together once between two reports: a script with many expectations of a large snapshot
    /// would spend minutes otherwise.
    /// </summary>
    public SnapshotReading ToReading() => _reading ??= new(
        IsComplete, _ledger.GetStanding().Progress, IsComplete ? Assemble() : SnapshotReading.Gather(_reports));

    private GlobalState<TokenState, TokenMessage> Assemble()
    {
        var assembly = new GlobalStateAssembly<TokenState, TokenMessage>(_members);
        foreach (var report in _reports) assembly.Add(report);
        return assembly.Assemble().State;
    }
}
