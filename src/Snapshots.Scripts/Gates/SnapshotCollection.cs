using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary>All reports of one snapshot.</summary>
internal sealed class SnapshotCollection(SnapshotNumber number, IEnumerable<ProcessId> members)
{
    private readonly GlobalStateBuilder<TokenState, TokenMessage> _builder = new(number, Epoch.First, members);
    private readonly List<Report> _reports = [];
    private SnapshotReading? _reading;

    public bool IsComplete => _builder.Status == CollectionStatus.Complete;

    public bool HasRecorded(ProcessId process) =>
        _reports.Exists(report => report is LocalReport<TokenState> && report.Process == process);

    /// <summary>Takes a report. One that makes the certificate false would be a bug of the core, and throws.</summary>
    public void Accept(Report report)
    {
        var verdict = _builder.Accept(report);
        if (verdict != ReportVerdict.Accepted) throw new InvalidOperationException($"the report {report} is {verdict}");
        _reports.Add(report);
        _reading = null;
        if (_builder.Status == CollectionStatus.Failed)
        {
            throw new InvalidOperationException($"snapshot {_builder.Snapshot} failed: {_builder.FailureReason}");
        }
    }

    /// <summary>
    /// What is there. It is put together once between two reports: a script with many expectations of a large snapshot
    /// would spend minutes otherwise.
    /// </summary>
    public SnapshotReading ToReading() => _reading ??= new(
        IsComplete, _builder.GetProgress(), IsComplete ? _builder.ToGlobalState() : SnapshotReading.Gather(_reports));
}
