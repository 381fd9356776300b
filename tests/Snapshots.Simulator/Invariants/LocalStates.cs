using System.Collections.Immutable;
using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>localState</c>: what a process records is its state at one place of its history, with the numbers of messages
/// that it had sent and delivered there; and each local state of a completed snapshot is the one that its process
/// recorded.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class LocalStates<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "localState";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var history in trace.Index.Processes)
        {
            var state = trace.Application.CreateState(history.Process);
            for (var place = 0; place < history.Steps.Count; place++)
            {
                var step = history.Steps[place];
                if (step is CutStep<TState, TMessage> cut && FindBreach(trace.Index, cut.Report, state, place) is { } breach)
                {
                    return $"snapshot {cut.Report.Snapshot}, {history.Process}: {breach}";
                }

                state = step.State;
            }
        }

        return trace.Index.Completed.Select(completed => FindBreach(trace.Index, completed)).FirstOrDefault(breach => breach is not null);
    }

    private static string? FindBreach(TraceIndex<TState, TMessage> index, LocalReport<TState> report, TState state, int place)
    {
        if (!EqualityComparer<TState>.Default.Equals(report.State, state)) return $"recorded {report.State}, its state was {state}";
        var listed = report.Sent.Sum(count => count.Count.Value) + report.Delivered.Sum(count => count.Count.Value);
        var actual = 0L;
        foreach (var channel in index.Channels)
        {
            if (channel.Channel.Source == report.Process) actual += channel.SentBefore(place);
            if (channel.Channel.Target == report.Process) actual += channel.DeliveredBefore(place);
        }

        return FindWrong(report.Sent, "sent", peer => index.ChannelOf(new ChannelId(report.Process, peer))?.SentBefore(place) ?? 0)
            ?? FindWrong(report.Delivered, "delivered", peer => index.ChannelOf(new ChannelId(peer, report.Process))?.DeliveredBefore(place) ?? 0)
            ?? (listed == actual ? null : string.Create(CultureInfo.InvariantCulture, $"its counts add up to {listed}, not {actual}"));
    }

    private static string? FindWrong(ImmutableArray<ChannelCount> counts, string what, Func<ProcessId, int> actualOf)
    {
        foreach (var (peer, count) in counts)
        {
            var actual = actualOf(peer);
            if (count.Value != actual) return string.Create(CultureInfo.InvariantCulture, $"{count} {what} with {peer} recorded, {actual} in its history");
        }

        return null;
    }

    private static string? FindBreach(TraceIndex<TState, TMessage> index, SnapshotCompleted<TState, TMessage> completed)
    {
        foreach (var (process, state) in completed.State.Processes)
        {
            var history = index.HistoryOf(process);
            if (history?.CutOf(completed.Snapshot) is not { } place) return $"snapshot {completed.Snapshot}: {process} has recorded nothing";
            if (!EqualityComparer<TState>.Default.Equals(history.Steps[place].State, state))
            {
                return $"snapshot {completed.Snapshot}, {process}: {state} is in it, {history.Steps[place].State} was recorded";
            }
        }

        return null;
    }
}
