using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A report of a channel that comes again is counted again.</summary>
internal sealed class CountsReportsTwice : Variant
{
    public CountsReportsTwice() => StoresReportsTwice = true;

    public override CollectorBook CreateBook(SnapshotNumber snapshot, Epoch epoch, IEnumerable<ProcessId> members) =>
        new Book(snapshot, epoch, members);

    private sealed class Book(SnapshotNumber snapshot, Epoch epoch, IEnumerable<ProcessId> members) : CollectorBook(snapshot, epoch, members)
    {
        private readonly List<ChannelReport<LedgerMessage>> _again = [];

        public override bool Accept(Report report)
        {
            var isNew = base.Accept(report);
            if (!isNew && report is ChannelReport<LedgerMessage> channel) _again.Add(channel);
            return isNew;
        }

        public override LedgerSnapshot ToGlobalState()
        {
            var state = base.ToGlobalState();
            return state with { Channels = [.. state.Channels.Select(Spoil)] };
        }

        private ChannelState<LedgerMessage> Spoil(ChannelState<LedgerMessage> channel) =>
            _again.Any(report => report.Source == channel.Channel.Source && report.Process == channel.Channel.Target)
                ? channel with { Messages = [.. channel.Messages, .. channel.Messages] }
                : channel;
    }
}
