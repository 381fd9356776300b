using Snapshots.Documents;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>A snapshot that was taken while transfers ran.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Status">How it ended, or that it did not while it was waited for.</param>
/// <param name="DurationMs">From its begin to its end, by the cluster's clocks, in milliseconds; 0 while it runs.</param>
/// <param name="Figures">What its certificate says, none unless it has completed.</param>
/// <param name="Complaint">What is wrong; empty if nothing is.</param>
internal sealed record SnapshotProbeResult(
    SnapshotId Id, SnapshotStatus Status, double DurationMs, CertificateFigures? Figures, string Complaint)
{
    public long MessagesInTransit => Figures?.MessagesInTransit ?? 0;

    public bool Consistent => Figures is { Consistent: true };

    public bool Conserved => Figures is { Conserved: true };

    /// <summary>Whether it is consistent and conserves money.</summary>
    public bool Holds => Consistent && Conserved;
}
