using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>fence</c>: once a restore is committed, nobody is answered out of an earlier epoch, and no process of an earlier
/// epoch that is open is stored; nothing happens in an epoch before it is made; and only a restore that was not aborted
/// is committed.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class RestoreFence<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "fence";

    /// <inheritdoc/>
    public bool IsOfWholeRun => true;

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var now = trace.Events.Select(each => each.Epoch).FirstOrDefault(epoch => epoch != default);
        var aborted = new HashSet<RestoreNumber>();
        foreach (var each in trace.Events)
        {
            if (each is RestoreEnded<TState, TMessage> { IsCompleted: false } end) aborted.Add(end.Restore);
            if (each is RestoreCommitted<TState, TMessage> commit)
            {
                if (aborted.Contains(commit.Restore)) return $"restore {commit.Restore} was aborted, and then committed";
                if (commit.Made <= now) return $"restore {commit.Restore} made epoch {commit.Made} after {now}";
                now = commit.Made;
            }

            if (each is RequestAnswered<TState, TMessage> && each.Epoch != now) return $"{each.Process} answers in epoch {each.Epoch}, it is {now}";
            if (each is RecordPersisted<TState, TMessage> { Record: { Gate: { IsOpen: true } gate } } && gate.Epoch != now)
            {
                return $"{each.Process} is stored open in epoch {gate.Epoch}, it is {now}";
            }
        }

        return null;
    }
}

/// <summary>
/// <c>reads</c>: what a reader is told in an epoch is a state that its process had in the history of that epoch.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class ReadStates<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "reads";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var read in trace.Events.OfType<StateRead<TState, TMessage>>())
        {
            var states = trace.Index.HistoryOf(read.Process)?.Steps.Select(step => step.State) ?? [];
            if (states.Prepend(trace.Application.CreateState(read.Process)).Contains(read.State)) continue;
            return $"a reader of {read.Process} was told {read.State} in epoch {read.Epoch}, a state that it never had there";
        }

        return null;
    }
}
