using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>Runs the application alone, over channels that are plain queues.</summary>
internal sealed class ReorderedRun<TState, TMessage>
{
    private readonly Trace<TState, TMessage> _trace;
    private readonly TState[] _states;
    private readonly Dictionary<ChannelId, Queue<TMessage>> _channels = [];

    public ReorderedRun(Trace<TState, TMessage> trace)
    {
        _trace = trace;
        _states = [.. trace.Index.Processes.Select(history => trace.Application.CreateState(history.Process))];
    }

    public TState StateOf(ProcessHistory<TState, TMessage> history) => _states[history.Number];

    public TState? StateOf(ProcessId process) => _trace.Index.HistoryOf(process) is { } history ? _states[history.Number] : default;

    /// <summary>What waits in a channel, the head first.</summary>
    public IReadOnlyCollection<TMessage> Waiting(ChannelId channel) => _channels.TryGetValue(channel, out var queue) ? queue : [];

    public int CountWaiting() => _channels.Values.Sum(queue => queue.Count);

    /// <summary>Takes one step; says why it is not legal, if it is not.</summary>
    public string? Take(ProcessHistory<TState, TMessage> history, ProcessStep<TState, TMessage> step)
    {
        if (step is CutStep<TState, TMessage>) return null;
        if (step is DeliveryStep<TState, TMessage> delivery && Deliver(history, delivery) is { } illegal) return illegal;
        _states[history.Number] = step.State;
        foreach (var (target, message) in step.Sent)
        {
            var id = new ChannelId(step.Process, target);
            if (!_channels.TryGetValue(id, out var queue)) _channels.Add(id, queue = new());
            queue.Enqueue(message);
        }

        return null;
    }

    private string? Deliver(ProcessHistory<TState, TMessage> history, DeliveryStep<TState, TMessage> step)
    {
        var id = new ChannelId(step.Source, step.Process);
        if (!_channels.TryGetValue(id, out var queue) || !queue.TryDequeue(out var head)) return $"{step.Message} is delivered on {id}, which is empty";
        if (!EqualityComparer<TMessage>.Default.Equals(head, step.Message)) return $"{step.Message} is delivered on {id}, whose head is {head}";
        var reaction = _trace.Application.Deliver(step.Process, _states[history.Number], step.Source, step.Message);
        return EqualityComparer<TState>.Default.Equals(reaction.State, step.State) && IsSame(reaction.Messages, step.Sent)
            ? null
            : $"{step.Process} takes {step.Message} and becomes {reaction.State}, not {step.State}";
    }

    private static bool IsSame(ImmutableArray<Outgoing<TMessage>> left, ImmutableArray<Outgoing<TMessage>> right) =>
        left.AsSpan().SequenceEqual(right.AsSpan());
}
