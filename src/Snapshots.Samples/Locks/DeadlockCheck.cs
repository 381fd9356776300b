namespace Snapshots.Samples;

/// <summary>
/// Whether workers are deadlocked: a stable property, and an alarm. The witness is a cycle, or a knot of any-waits.
/// </summary>
/// <remarks>
/// A worker waits for the workers that hold its locks in their states. On a consistent cut that is the whole rule of an
/// edge: a lock that no worker holds is free, or its grant or its release is in transit, and then its queue moves on.
/// Workers in the queue before this one do not matter: each takes the lock and can give it back, or sends it back.
/// </remarks>
public sealed class DeadlockCheck : ISnapshotCheck<LocksState, LocksMessage>
{
    /// <inheritdoc/>
    public string Name => "deadlock";

    /// <inheritdoc/>
    public CheckClass Class => CheckClass.Stable;

    /// <inheritdoc/>
    public bool IsAlarm => true;

    /// <inheritdoc/>
    public ICheckRun<LocksState, LocksMessage> Begin() => new Run();

    /// <summary>
    /// Finds the workers that can never act again: those in a cycle or a knot, and those that wait for them.
    /// </summary>
    public static Deadlock Find(IEnumerable<ProcessState<LocksState>> processes)
    {
        ArgumentNullException.ThrowIfNull(processes);
        var run = new Run();
        foreach (var process in processes) run.Add(process);
        return run.Find();
    }

    private sealed class Run : ICheckRun<LocksState, LocksMessage>
    {
        private readonly Dictionary<ProcessId, WaitNode> _holders = [];
        private readonly List<(WaitNode Worker, ImmutableArray<ProcessId> WaitsFor)> _waiting = [];

        public void Add(ProcessState<LocksState> process)
        {
            if (process.State is not WorkerState worker) return;
            var node = new WaitNode(process.Id);
            foreach (var held in worker.Holds) _holders[held] = node;
            if (worker.IsWaiting) _waiting.Add((node, worker.WaitsFor));
        }

        public void Add(ChannelState<LocksMessage> channel)
        {
        }

        public CheckAnswer Conclude()
        {
            var deadlock = Find();
            return new(deadlock.Exists, [.. deadlock.Witness.Select(worker => worker.Process.Value)]);
        }

        public Deadlock Find()
        {
            var graph = new WaitGraph();
            foreach (var (worker, waitsFor) in _waiting)
            {
                if (waitsFor.All(_holders.ContainsKey))
                    graph.WaitForAny(worker, [.. waitsFor.Select(each => _holders[each])]);
            }

            return graph.FindDeadlock();
        }
    }
}
