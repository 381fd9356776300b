namespace Snapshots.Samples;

/// <summary>
/// Whether there are created objects that nothing can use again: a stable property, and no alarm. The witness names
/// them.
/// </summary>
public sealed class GarbageCheck : ISnapshotCheck<ObjectState, ObjectMessage>
{
    /// <inheritdoc/>
    public string Name => "garbage";

    /// <inheritdoc/>
    public CheckClass Class => CheckClass.Stable;

    /// <inheritdoc/>
    public bool IsAlarm => false;

    /// <inheritdoc/>
    public ICheckRun<ObjectState, ObjectMessage> Begin() => new Run();

    /// <summary>Finds the created objects that are not reached, in order.</summary>
    public static ImmutableArray<ProcessId> Find(GlobalState<ObjectState, ObjectMessage> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var run = new Run();
        foreach (var process in state.Processes) run.Add(process);
        foreach (var channel in state.Channels) run.Add(channel);
        return run.Find();
    }

    private sealed class Run : ICheckRun<ObjectState, ObjectMessage>
    {
        private readonly Reachability _graph = new();

        public void Add(ProcessState<ObjectState> process)
        {
            if (process.State.Root) _graph.AddRoot(process.Id);
            _graph.AddReferences(process.Id, process.State.Holds.AsSpan());
            foreach (var created in process.State.Created) _graph.AddCandidate(created);
        }

        public void Add(ChannelState<ObjectMessage> channel)
        {
            foreach (var (_, message) in channel.Messages)
            {
                if (message.Kind == ObjectMessageKind.Reference)
                    _graph.AddMessage(channel.Channel.Target, message.Named);
                else
                    _graph.AddMessage(channel.Channel.Target); // The names that it carries are no references.
            }
        }

        public CheckAnswer Conclude()
        {
            var garbage = Find();
            return new(!garbage.IsEmpty, [.. garbage.Select(each => each.Value)]);
        }

        public ImmutableArray<ProcessId> Find() => _graph.FindGarbage();
    }
}
