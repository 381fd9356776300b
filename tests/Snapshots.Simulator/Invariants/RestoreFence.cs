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
        var now = default(Epoch);
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

            if (each is RequestAnswered<TState, TMessage> && each.Epoch != default && each.Epoch != now)
            {
                return $"{each.Process} answers in epoch {each.Epoch}, it is {now}";
            }

            // One that is damaged does nothing in any epoch: so "damage" says.
            if (each is not RecordPersisted<TState, TMessage> { Record: { Damage: null, Gate: { IsOpen: true } gate } }) continue;
            if (now == default) now = gate.Epoch;
            if (gate.Epoch != now) return $"{each.Process} is stored open in epoch {gate.Epoch}, it is {now}";
        }

        return null;
    }
}
