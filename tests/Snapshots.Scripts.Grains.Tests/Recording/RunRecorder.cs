using Snapshots.Grains;
using Snapshots.Protocol;
using Snapshots.Simulator;

namespace Snapshots.Scripts.Grains.Tests.Recording;

/// <summary>
/// Records what the processes of real silos do, as a trace that the invariants of the simulator can judge. It is
/// registered in each silo as the <see cref="IProcessObserver{TState, TMessage}"/> of the application; silos of one
/// cluster share one.
/// </summary>
/// <remarks>
/// No clock is read and no order between processes is known: each process is recorded by itself, and
/// <see cref="CausalOrder"/> puts them together. Safe for concurrent use.
/// </remarks>
/// <typeparam name="TState">The application's state of one process; equality compares content.</typeparam>
/// <typeparam name="TMessage">What the application sends; equality compares content.</typeparam>
/// <param name="application">The application, as it should be.</param>
internal sealed class RunRecorder<TState, TMessage>(ITracedApplication<TState, TMessage> application)
    : IProcessObserver<TState, TMessage>
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ProcessId, ProcessLog<TState, TMessage>> _logs = [];

    /// <summary>Whether no process has anything left that needs another one, as far as is written.</summary>
    public bool IsAtRest
    {
        get
        {
            lock (_lock)
            {
                return _logs.Values.All(log => log.Stored is not { } record
                    || (record.Recordings.IsEmpty && record.Outgoing.All(channel => channel.Unacknowledged.IsEmpty)));
            }
        }
    }

    /// <summary>How many activations started from what an earlier one had written.</summary>
    public int Restores
    {
        get
        {
            lock (_lock)
            {
                return _logs.Values.Sum(log => log.Restores);
            }
        }
    }

    /// <inheritdoc/>
    public IActivationObserver<TState, TMessage> Activated(ProcessId process, ProcessRecord<TState, TMessage>? stored)
    {
        lock (_lock)
        {
            if (!_logs.TryGetValue(process, out var log)) _logs.Add(process, log = new());
            return new ActivationRecorder<TState, TMessage>(_lock, process, log, log.Activate(stored));
        }
    }

    /// <summary>What happened up to now.</summary>
    /// <param name="isHealed">Whether the run was given the time to end everything.</param>
    public Trace<TState, TMessage> ToTrace(bool isHealed)
    {
        lock (_lock)
        {
            var trace = new Trace<TState, TMessage>(application) { IsHealed = isHealed };
            foreach (var each in CausalOrder.Merge(_logs.Values.Select(log => log.ToEvents()))) trace.Add(each);
            foreach (var log in _logs.Values.Where(log => isHealed && log.Stored is not null))
            {
                trace.Add(new ProcessAtRest<TState, TMessage>(log.Stored!, HeldBackFrames: 0, UnansweredRequests: 0));
            }

            return trace;
        }
    }
}
