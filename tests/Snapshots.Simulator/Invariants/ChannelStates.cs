using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>channelState</c>: each channel state of a completed snapshot is exactly the messages sent before the sender's cut
/// and delivered after the receiver's, in order; a channel that does not stand there was empty; and nobody outside had
/// a part in it.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class ChannelStates<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "channelState";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var completed in trace.Index.Completed)
        {
            if (FindBreach(trace.Index, completed) is { } breach) return $"snapshot {completed.Snapshot}, {breach}";
        }

        return null;
    }

    private static string? FindBreach(TraceIndex<TState, TMessage> index, SnapshotCompleted<TState, TMessage> completed)
    {
        var cuts = new Cuts<TState, TMessage>(index, completed);
        var recorded = completed.State.Channels.ToDictionary(channel => channel.Channel);
        foreach (var history in index.Channels)
        {
            var (source, target) = (cuts.Find(history.Channel.Source), cuts.Find(history.Channel.Target));
            var sent = source is { } sender ? history.SentBefore(sender) : 0;
            var delivered = target is { } receiver ? history.DeliveredBefore(receiver) : 0;
            if (recorded.Remove(history.Channel, out var state))
            {
                if (FindWrong(state, history, sent, delivered) is { } wrong) return wrong;
            }
            else if (sent > 0 || delivered > 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{history.Channel}: {sent} sent, {delivered} delivered, and it is left out");
            }
        }

        var surplus = recorded.Values.FirstOrDefault(channel => channel.Sent.Value > 0 || channel.Delivered.Value > 0 || !channel.Messages.IsEmpty);
        return surplus is null ? null : $"{surplus.Channel}: it never carried a message, {surplus.Sent} sent stand there";
    }

    private static string? FindWrong(ChannelState<TMessage> state, ChannelHistory<TMessage> history, int sent, int delivered)
    {
        if (state.Sent.Value != sent || state.Delivered.Value != delivered)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{history.Channel}: {state.Sent} sent and {state.Delivered} delivered stand there, {sent} and {delivered} in the histories");
        }

        var expected = history.Sent.Take(sent).Skip(delivered).Select(each => each.Message);
        if (state.Messages.Select(each => each.Message).SequenceEqual(expected)) return null;
        return $"{history.Channel}: in transit were {string.Join(", ", expected)}, recorded is {string.Join(", ", state.Messages.Select(each => each.Message))}";
    }
}
