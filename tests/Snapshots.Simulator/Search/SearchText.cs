using System.Globalization;
using System.Text;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Tells a schedule that breaks an invariant: a line for each event, with what the processes did at it.
/// </summary>
internal static class SearchText
{
    public static string Tell(SearchModel model, SearchFailure failure)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{model.Case.Name}: {failure.Breach.Invariant}: {failure.Breach.Detail}");
        var state = model.Start();
        for (var number = 0; number < failure.Schedule.Length; number++)
        {
            var action = failure.Schedule[number];
            var next = model.Take(state, action, out _);
            var done = Enumerable.Range(0, model.Layout.Processes).SelectMany(process => TellDone(model, state[process], next[process]));
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{number + 1,4}  {Tell(model, action),-48}{string.Join(", ", done)}").TrimEnd());
            state = next;
        }

        return text.ToString();
    }

    private static IEnumerable<string> TellDone(SearchModel model, int before, int after)
    {
        var (slot, next) = (model.Tables.Processes[before], model.Tables.Processes[after]);
        var hasCrashed = next.History < 0 || (slot.History >= 0 && model.Tables.Histories[next.History].Length <= model.Tables.Histories[slot.History].Length);
        return hasCrashed ? [] : model.Tables.EventsOf(next.History, slot.History).Select(Tell).OfType<string>();
    }

    private static string? Tell(TraceEvent<LedgerState, LedgerMessage> happened) => happened switch
    {
        CutStep<LedgerState, LedgerMessage> cut => $"{cut.Process} cuts {cut.Report.Snapshot}",
        DeliveryStep<LedgerState, LedgerMessage> delivery => $"{delivery.Process} takes {Tell(delivery.Message)}",
        LocalStep<LedgerState, LedgerMessage> step => $"{step.Process} pays {string.Join(", ", step.Sent.Select(each => Tell(each.Message)))}",
        FrameSent<LedgerState, LedgerMessage> { Frame: var frame } => $"{frame.Channel} gets {Tell(frame)}",
        _ => null,
    };

    private static string Tell(SearchModel model, SearchAction action)
    {
        var (tables, who, other) = (model.Tables, (char)('a' + action.Where), (char)('a' + action.Other));
        return action.Kind switch
        {
            SearchActionKind.Begin => $"snapshot {action.Where} begins",
            SearchActionKind.Abort => $"snapshot {action.Where} is aborted",
            SearchActionKind.Join => $"{who} joins",
            SearchActionKind.Request => $"{who} is asked to pay",
            SearchActionKind.Record => $"{who} is asked to record {action.Other}",
            SearchActionKind.Deliver => $"{who}->{other} brings {Tell(tables.Frames[action.Item])}",
            SearchActionKind.Repeat => $"{who}->{other} brings {Tell(tables.Frames[action.Item])}, and keeps it",
            SearchActionKind.Lose => $"{who}->{other} loses {Tell(tables.Frames[action.Item])}",
            SearchActionKind.Acknowledge => $"{other} acknowledges to {who} frame {tables.Acknowledgements[action.Item].UpTo}",
            SearchActionKind.LoseAcknowledgement => $"{other} acknowledges to {who}, and that is lost",
            SearchActionKind.Report => $"the collector of {action.Where} takes {Tell(tables.Reports[action.Item])}",
            SearchActionKind.LoseReport => $"{Tell(tables.Reports[action.Item])} is lost",
            SearchActionKind.ReportAgain => $"{who} reports again",
            SearchActionKind.Resend => $"{who} sends to {other} again",
            SearchActionKind.Learn => $"{who} learns what has ended",
            SearchActionKind.Write => $"{who} has written",
            SearchActionKind.Perform => $"{who} performs what is written",
            _ => $"{who} crashes and starts again",
        };
    }

    private static string Tell(LedgerFrame frame) => frame.Content switch
    {
        MessageContent<LedgerMessage> content => $"#{frame.First} {Tell(content.Message)}",
        MarkerContent<LedgerMessage> content => $"#{frame.First} marker {content.Snapshot}",
        _ => $"#{frame.First}..{frame.Last} void",
    };

    private static string Tell(LedgerMessage message) =>
        string.Create(CultureInfo.InvariantCulture, $"{(message.IsReturn ? "return" : "transfer")} {message.Key} of {message.Amount}");

    private static string Tell(Report report) =>
        report is ChannelReport<LedgerMessage> channel ? $"what {report.Process} recorded of {channel.Source}" : $"what {report.Process} recorded";
}
