using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Scripts;

/// <summary>What an engine knows of one snapshot.</summary>
/// <param name="IsComplete">Whether it has completed; else it is running.</param>
/// <param name="Progress">How much of it is there.</param>
/// <param name="Recorded">
/// When complete the global state. Else what was recorded so far, as <see cref="Gather"/> puts it together. In both,
/// a channel that carried no message before the cut may be missing.
/// </param>
public sealed record SnapshotReading(
    bool IsComplete, CollectionProgress Progress, GlobalState<TokenState, TokenMessage> Recorded)
{
    /// <summary>
    /// Puts reports of one snapshot together: the processes that have recorded, in order, and the channels among
    /// them, in order. A channel whose messages have not been reported stands there without messages, although its
    /// counts differ.
    /// </summary>
    public static GlobalState<TokenState, TokenMessage> Gather(IEnumerable<Report> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var locals = new SortedDictionary<ProcessId, LocalReport<TokenState>>();
        var closed = new Dictionary<ChannelId, ChannelReport<TokenMessage>>();
        foreach (var report in reports)
        {
            if (report is LocalReport<TokenState> local) locals[local.Process] = local;
            if (report is ChannelReport<TokenMessage> channel) closed[new(channel.Source, channel.Process)] = channel;
        }

        var counts = new SortedDictionary<ChannelId, (MessageCount Sent, MessageCount Delivered)>();
        foreach (var local in locals.Values)
        {
            foreach (var (target, sent) in local.Sent)
            {
                var id = new ChannelId(local.Process, target);
                if (locals.ContainsKey(target)) counts[id] = (sent, counts.GetValueOrDefault(id).Delivered);
            }

            foreach (var (source, delivered) in local.Delivered)
            {
                var id = new ChannelId(source, local.Process);
                if (locals.ContainsKey(source)) counts[id] = (counts.GetValueOrDefault(id).Sent, delivered);
            }
        }

        return new(
            [.. locals.Values.Select(local => new ProcessState<TokenState>(local.Process, local.State))],
            [.. counts.Select(pair => new ChannelState<TokenMessage>(
                pair.Key, pair.Value.Sent, pair.Value.Delivered, Messages(closed.GetValueOrDefault(pair.Key))))]);
    }

    private static ImmutableArray<NumberedMessage<TokenMessage>> Messages(ChannelReport<TokenMessage>? report) =>
        report is null ? [] : [.. report.Messages.Select((message, index) =>
            new NumberedMessage<TokenMessage>(new(report.DeliveredBefore.Value + index + 1), message))];
}
