namespace Snapshots.Benchmarks;

/// <summary>What a scenario has measured.</summary>
/// <param name="Name">The scenario.</param>
/// <param name="Metrics">Its figures in the order in which they are told.</param>
/// <param name="Notes">What the figures do not say.</param>
/// <param name="SnapshotsTaken">Snapshots that were begun.</param>
/// <param name="SnapshotsProven">Those that were read back and proven.</param>
/// <param name="Failures">What went wrong; with any of them the run has failed.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record ScenarioResult(
    string Name,
    IReadOnlyList<Metric> Metrics,
    IReadOnlyList<string> Notes,
    int SnapshotsTaken,
    int SnapshotsProven,
    IReadOnlyList<string> Failures,
    TimeSpan Elapsed)
{
    /// <summary>Whether all that was taken was proven, and nothing failed.</summary>
    public bool Holds => Failures.Count == 0 && SnapshotsTaken == SnapshotsProven;
}
