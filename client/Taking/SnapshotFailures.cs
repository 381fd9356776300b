using Snapshots.Documents;
using Snapshots.Grains;

namespace Snapshots.Client;

/// <summary>When a snapshot is not what was asked for.</summary>
internal static class SnapshotFailures
{
    /// <summary>Why there is no global state of a snapshot, or none if there is one.</summary>
    public static Failure? Of(SnapshotView view) => view.Summary switch
    {
        { Status: SnapshotStatus.Running } running =>
            new(ErrorCode.Timeout, $"the snapshot {running.Id} is still running; come back with: snapshots snapshot wait {running.Id}"),
        { Status: SnapshotStatus.Aborted } aborted =>
            new(ErrorCode.SnapshotAborted, $"the snapshot {aborted.Id} was aborted: {Failures.Line(aborted.Reason)}"),
        _ => null,
    };

    /// <summary>What does not hold in a completed snapshot, or none.</summary>
    public static Failure? Of(SnapshotDocument document) => document.Certificate switch
    {
        { Consistent: false } certificate =>
            new(ErrorCode.PropertyViolated, $"the snapshot {document.Id} is not consistent: {certificate.Violations[0]}"),
        { Conserved: false } =>
            new(ErrorCode.PropertyViolated, $"the snapshot {document.Id} does not conserve money"),
        _ => null,
    };
}
