using System.Globalization;
using System.Text;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// A run for people: one line per event, one column per process. A cut is marked by <c>====</c>, a step that a crash
/// took away by <c>~</c>.
/// </summary>
internal static class TraceText
{
    private const int ColumnWidth = 30;

    public static IEnumerable<string> Lines(LedgerTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var processes = trace.Events.Select(each => each.Process).Where(process => process != default).Distinct().Order().ToList();
        yield return "      ms  " + string.Concat(processes.Select(process => process.Value.PadRight(ColumnWidth))).TrimEnd();
        foreach (var each in trace.Events)
        {
            if (TextOf(each) is not { } text) continue;
            var line = new StringBuilder();
            line.Append(each.AtMs.ToString(CultureInfo.InvariantCulture).PadLeft(8)).Append("  ");
            if (each.Process == default) line.Append("---- ").Append(text).Append(" ----");
            else line.Append(' ', ColumnWidth * processes.IndexOf(each.Process)).Append(text);
            yield return line.ToString().TrimEnd();
        }
    }

    private static string? TextOf(TraceEvent<LedgerState, LedgerMessage> each) => each switch
    {
        ProcessJoined<LedgerState, LedgerMessage> { Announcement.Open: { IsEmpty: false } open } => $"joins, open are {string.Join(' ', open)}",
        ProcessJoined<LedgerState, LedgerMessage> => "joins",
        LocalStep<LedgerState, LedgerMessage> step => $"{Lost(step)}request: {StateOf(step.State)}{SentOf(step)}",
        DeliveryStep<LedgerState, LedgerMessage> step =>
            $"{Lost(step)}delivers {MessageOf(step.Message)} of {step.Source}: {StateOf(step.State)}{SentOf(step)}",
        CutStep<LedgerState, LedgerMessage> { IsHanded: true } step => $"==== at rest, cut {step.Report.Snapshot} ==== {StateOf(step.State)} {CountsOf(step.Report)}",
        CutStep<LedgerState, LedgerMessage> step => $"{Lost(step)}==== cut {step.Report.Snapshot} ==== {StateOf(step.State)} {CountsOf(step.Report)}",
        FrameSent<LedgerState, LedgerMessage> { Frame: var frame } => $"sends {frame.Channel.Target} {ContentOf(frame)}",
        FrameTaken<LedgerState, LedgerMessage> { Frame: var frame } => $"takes {frame.Channel.Source} {ContentOf(frame)}",
        AcknowledgementSent<LedgerState, LedgerMessage> { Acknowledgement: var word } => $"acknowledges {word.Channel.Source} #{word.UpTo}",
        ReportSent<LedgerState, LedgerMessage> { Report: ChannelReport<LedgerMessage> report } =>
            $"reports {report.Snapshot} {report.Source}->{report.Process} [{string.Join(' ', report.Messages.Select(MessageOf))}]",
        ReportSent<LedgerState, LedgerMessage> { Report: OverflowReport report } => $"reports {report.Snapshot}: overflow",
        ReportSent<LedgerState, LedgerMessage> { Report: var report } => $"reports {report.Snapshot}",
        RequestAnswered<LedgerState, LedgerMessage> answer =>
            string.Create(CultureInfo.InvariantCulture, $"answers {answer.Key}: {(answer.IsAccepted ? "accepted" : "refused")}"),
        RecordPersisted<LedgerState, LedgerMessage> { Record: { Damage: not null, Gate: var gate } } => $"persists: damaged, {gate}",
        RecordPersisted<LedgerState, LedgerMessage> { Record: { IsClosed: true, Gate: var gate } } => $"persists: {gate}",
        RecordPersisted<LedgerState, LedgerMessage> => "persists",
        ProcessRestored<LedgerState, LedgerMessage> { Record: var record } => $"restarts: {StateOf(record.State)}",
        ProcessCrashed<LedgerState, LedgerMessage> crash => $"CRASH ({crash.Reason})",
        FaultFound<LedgerState, LedgerMessage> found => $"FAULT {found.Fault.Channel}: {found.Fault.Kind}, {found.Fault.Detail}",
        SnapshotBegun<LedgerState, LedgerMessage> begun => $"snapshot {begun.Snapshot} begins",
        SnapshotCompleted<LedgerState, LedgerMessage> completed => $"snapshot {completed.Snapshot} completed: {GlobalOf(completed.State)}",
        SnapshotAborted<LedgerState, LedgerMessage> aborted => $"snapshot {aborted.Snapshot} aborted: {aborted.Reason}",
        SnapshotReadAgain<LedgerState, LedgerMessage> again =>
            $"snapshot {again.Snapshot} read again: {(again.State is { } state ? GlobalOf(state) : "not complete")}",
        RestoreBegun<LedgerState, LedgerMessage> begun => $"restore {begun.Restore} begins",
        RestoreCommitted<LedgerState, LedgerMessage> commit => $"restore {commit.Restore} of snapshot {commit.Source} makes epoch {commit.Made}",
        RestoreEnded<LedgerState, LedgerMessage> ended => $"restore {ended.Restore} is {(ended.IsCompleted ? "completed" : "aborted")}",
        StateRead<LedgerState, LedgerMessage> read => $"read{(read.IsStale ? ", stale" : "")}: {StateOf(read.State)}",
        JournalDamaged<LedgerState, LedgerMessage> => "its journal is damaged",
        DamagedAtRest<LedgerState, LedgerMessage> => "is damaged for good",
        ProcessAtRest<LedgerState, LedgerMessage> rest => $"at rest: {StateOf(rest.Record.State)}",
        _ => null,
    };

    private static string Lost(ProcessStep<LedgerState, LedgerMessage> step) => step.IsLost ? "~ " : string.Empty;

    private static string StateOf(LedgerState state) =>
        string.Create(CultureInfo.InvariantCulture, $"({state.Own}+{state.Received})");

    private static string SentOf(ProcessStep<LedgerState, LedgerMessage> step) =>
        string.Concat(step.Sent.Select(each => $" pays {each.Target} {MessageOf(each.Message)}"));

    private static string MessageOf(LedgerMessage message) =>
        string.Create(CultureInfo.InvariantCulture, $"{(message.IsReturn ? "back " : string.Empty)}{message.Amount}");

    private static string CountsOf(LocalReport<LedgerState> report) => string.Join(
        ' ',
        report.Sent.Select(count => $">{count.Peer}:{count.Count}").Concat(report.Delivered.Select(count => $"<{count.Peer}:{count.Count}")));

    private static string ContentOf(LedgerFrame frame)
    {
        var number = frame.First == frame.Last ? $"#{frame.First}" : $"#{frame.First}-{frame.Last}";
        return frame.Content switch
        {
            MessageContent<LedgerMessage> content => $"{number} {MessageOf(content.Message)}",
            MarkerContent<LedgerMessage> content => $"{number} marker {content.Snapshot}",
            _ => $"{number} void",
        } + (frame.Epoch == Epoch.First ? string.Empty : $" (epoch {frame.Epoch})");
    }

    private static string GlobalOf(LedgerSnapshot state) => string.Join(
        ", ",
        state.Processes.Select(process => $"{process.Id} {StateOf(process.State)}").Concat(
            state.Channels.Where(channel => !channel.Messages.IsEmpty).Select(channel =>
                $"{channel.Channel} [{string.Join(' ', channel.Messages.Select(each => MessageOf(each.Message)))}]")));
}
