using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>By which receipt a report is known.</summary>
internal static class ReportReceipts
{
    /// <summary>The receipt of a report whose messages are of that type.</summary>
    public static ReportReceipt ReceiptFor<TMessage>(this Report report) => report switch
    {
        ChannelReport<TMessage> channel => new(ReportKind.Channel, report.Snapshot, report.Epoch, channel.Source),
        OverflowReport => new(ReportKind.Overflow, report.Snapshot, report.Epoch, default),
        _ => new(ReportKind.Local, report.Snapshot, report.Epoch, default),
    };

    /// <summary>The name of the report that a receipt is for.</summary>
    public static ReportKey ToKey(this ReportReceipt receipt) =>
        new((Protocol.ReportKind)receipt.Kind, receipt.Snapshot, receipt.Epoch, receipt.Source);
}
