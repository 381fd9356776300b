using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>recovery</c>: a process that is made from its record says of itself what was persisted; so does one that is made
/// from the bytes of any record that was ever written; and a journal gives back what the process was when it was
/// written.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class Recovery<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "recovery";

    /// <inheritdoc/>
    public bool IsOfWholeRun => true;

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var written = new Dictionary<ProcessId, ProcessRecord<TState, TMessage>>();
        foreach (var each in trace.Events)
        {
            if (each is RecordPersisted<TState, TMessage> { Record: var record })
            {
                written[record.Id] = record;
                if (each is RecordPersisted<TState, TMessage> { Taken: { } taken } && RecordComparer.FindDifference(taken, record) is { } lost)
                {
                    return $"{record.Id}, from its journal: {lost}";
                }

                var again = new Process<TState, TMessage>(
                    trace.Application.Copy(record), trace.Application, ChannelOpening.Pair, ProtocolLimits.Default, default);
                if (RecordComparer.FindDifference(record, again.ToRecord()) is { } difference) return $"{record.Id}, from its bytes: {difference}";
            }
            else if (each is ProcessRestored<TState, TMessage> { Record: var restored }
                && written.TryGetValue(restored.Id, out var last)
                && RecordComparer.FindDifference(last, restored) is { } difference)
            {
                return $"{restored.Id}, after a restart: {difference}";
            }
        }

        return null;
    }
}
