using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// The histories of a trace, put together from the steps alone: nothing here asks the protocol what it has counted.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class TraceIndex<TState, TMessage>
{
    private readonly Dictionary<ProcessId, ProcessHistory<TState, TMessage>> _histories = [];
    private readonly Dictionary<ChannelId, ChannelHistory<TMessage>> _channels = [];
    private readonly List<(ProcessHistory<TState, TMessage> History, int Place)> _steps = [];

    internal TraceIndex(Trace<TState, TMessage> trace)
    {
        var processes = new SortedSet<ProcessId>();
        foreach (var each in trace.Events)
        {
            if (each is not ProcessStep<TState, TMessage> step) continue;
            if (!_histories.ContainsKey(step.Process))
            {
                _histories.Add(step.Process, null!);
                processes.Add(step.Process);
            }
        }

        Processes = [.. processes.Select((process, number) => new ProcessHistory<TState, TMessage>(process, number))];
        foreach (var history in Processes) _histories[history.Process] = history;
        var completed = ImmutableArray.CreateBuilder<SnapshotCompleted<TState, TMessage>>();
        foreach (var each in trace.Events)
        {
            if (each is ProcessStep<TState, TMessage> { IsLost: false } step) Add(step);
            else if (each is SnapshotCompleted<TState, TMessage> snapshot) completed.Add(snapshot);
        }

        Completed = completed.ToImmutable();
        Channels = [.. _channels.Values.OrderBy(channel => channel.Channel)];
    }

    /// <summary>The processes that took a step, in order of their names.</summary>
    public ImmutableArray<ProcessHistory<TState, TMessage>> Processes { get; }

    /// <summary>The channels that carried a message, in order of their names.</summary>
    public ImmutableArray<ChannelHistory<TMessage>> Channels { get; }

    /// <summary>The snapshots that were called complete.</summary>
    public ImmutableArray<SnapshotCompleted<TState, TMessage>> Completed { get; }

    /// <summary>All steps that were not lost, in the order of the trace.</summary>
    public IReadOnlyList<(ProcessHistory<TState, TMessage> History, int Place)> Steps => _steps;

    /// <summary>The history of a process; none if it took no step.</summary>
    public ProcessHistory<TState, TMessage>? HistoryOf(ProcessId process) => _histories.GetValueOrDefault(process);

    /// <summary>The history of a channel; none if it carried nothing.</summary>
    public ChannelHistory<TMessage>? ChannelOf(ChannelId channel) => _channels.GetValueOrDefault(channel);

    private void Add(ProcessStep<TState, TMessage> step)
    {
        var history = _histories[step.Process];
        var place = history.Steps.Count;
        history.Add(step);
        _steps.Add((history, place));
        if (step is DeliveryStep<TState, TMessage> delivery)
        {
            Channel(new ChannelId(delivery.Source, step.Process)).DeliveredList.Add((place, delivery.Message));
        }

        foreach (var (target, message) in step.Sent) Channel(new ChannelId(step.Process, target)).SentList.Add((place, message));
    }

    private ChannelHistory<TMessage> Channel(ChannelId id)
    {
        if (_channels.TryGetValue(id, out var channel)) return channel;
        channel = new ChannelHistory<TMessage>(id);
        _channels.Add(id, channel);
        return channel;
    }
}
