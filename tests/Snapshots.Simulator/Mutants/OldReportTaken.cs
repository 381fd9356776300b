using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>The epoch of a report is not looked at.</summary>
internal sealed class OldReportTaken : Variant
{
    public override Report Arrive(Report report, Epoch epoch) => report with { Epoch = epoch };
}
