using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>reads</c>: what a reader is told in an epoch is the state that its process has stored last in the history of that
/// epoch. An activation that another one has overtaken may tell an earlier one, which was also stored in that epoch.
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
        var stored = new Dictionary<ProcessId, List<TState>>();
        foreach (var each in trace.Events)
        {
            if (each is RecordPersisted<TState, TMessage> { Record: var record }) StatesOf(record.Id).Add(record.State);
            if (each is not StateRead<TState, TMessage> read) continue;
            var states = StatesOf(read.Process);
            if (states.Count == 0 || read.IsStale) states = [trace.Application.CreateState(read.Process), .. states];
            var isTrue = read.IsStale ? states.Contains(read.State) : EqualityComparer<TState>.Default.Equals(states[^1], read.State);
            if (!isTrue) return $"a reader of {read.Process} was told {read.State} in epoch {read.Epoch}, and {states[^1]} was stored last";
        }

        return null;

        List<TState> StatesOf(ProcessId process)
        {
            if (!stored.TryGetValue(process, out var states)) stored.Add(process, states = []);
            return states;
        }
    }
}

/// <summary><c>forward</c>: a client that has taken an answer of an epoch takes no answer of an earlier one.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class ClientsGoForward<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "forward";

    /// <inheritdoc/>
    public bool IsOfWholeRun => true;

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var seen = new Dictionary<int, Epoch>();
        foreach (var answer in trace.Events.OfType<AnswerTaken<TState, TMessage>>())
        {
            var newest = seen.GetValueOrDefault(answer.Client);
            if (answer.Epoch < newest)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"client {answer.Client} has seen epoch {newest}, and takes an answer of {answer.Process} out of epoch {answer.Epoch}");
            }

            seen[answer.Client] = answer.Epoch;
        }

        return null;
    }
}
