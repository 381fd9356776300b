using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// Puts events that are ordered only within each process into one order in which every delivery stands behind the step
/// that sent its message, for runs that have no common clock.
/// </summary>
public static class CausalOrder
{
    /// <summary>
    /// Merges histories. What can never be placed, since its message was never sent, stands at the end, for the
    /// invariants to find.
    /// </summary>
    public static IReadOnlyList<TraceEvent<TState, TMessage>> Merge<TState, TMessage>(
        IEnumerable<IReadOnlyList<TraceEvent<TState, TMessage>>> histories)
    {
        ArgumentNullException.ThrowIfNull(histories);
        var queues = histories.Select(history => new Queue<TraceEvent<TState, TMessage>>(history)).ToList();
        var inTransit = new Dictionary<ChannelId, int>();
        var merged = new List<TraceEvent<TState, TMessage>>();
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var queue in queues)
            {
                while (queue.TryPeek(out var next) && CanFollow(next, inTransit))
                {
                    merged.Add(queue.Dequeue());
                    moved = true;
                    Follow(next, inTransit);
                }
            }
        }

        foreach (var queue in queues) merged.AddRange(queue);
        return merged;
    }

    private static bool CanFollow<TState, TMessage>(TraceEvent<TState, TMessage> next, Dictionary<ChannelId, int> inTransit) =>
        next is not DeliveryStep<TState, TMessage> { IsLost: false } delivery
        || inTransit.GetValueOrDefault(new ChannelId(delivery.Source, delivery.Process)) > 0;

    private static void Follow<TState, TMessage>(TraceEvent<TState, TMessage> next, Dictionary<ChannelId, int> inTransit)
    {
        if (next is not ProcessStep<TState, TMessage> { IsLost: false } step) return;
        if (step is DeliveryStep<TState, TMessage> delivery) inTransit[new ChannelId(delivery.Source, delivery.Process)]--;
        foreach (var (target, _) in step.Sent)
        {
            var channel = new ChannelId(step.Process, target);
            inTransit[channel] = inTransit.GetValueOrDefault(channel) + 1;
        }
    }
}
