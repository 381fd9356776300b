using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>damage</c>: a process whose journal is damaged takes no step, answers nothing and sends nothing in the epoch that it
/// lived in. What is stored in the place of its journal says that it is damaged, until a restore gives it a part.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class DamageHolds<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "damage";

    /// <inheritdoc/>
    public bool IsOfWholeRun => true;

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var damaged = new Dictionary<ProcessId, Epoch>();
        foreach (var each in trace.Events)
        {
            if (each is JournalDamaged<TState, TMessage>) damaged[each.Process] = each.Epoch;
            if (!damaged.TryGetValue(each.Process, out var epoch)) continue;
            if (each is RecordPersisted<TState, TMessage> { Record: var record })
            {
                if (record.Damage is not null)
                {
                    if (record.Epoch > epoch) damaged[each.Process] = record.Epoch;
                    continue;
                }

                if (record.Epoch <= epoch) return $"{each.Process} is damaged, and stored as if it were not";
                damaged.Remove(each.Process);
            }
            else if (each.Epoch <= epoch && DeedOf(each) is { } deed)
            {
                return $"{each.Process} is damaged, and {deed}";
            }
        }

        return null;
    }

    private static string? DeedOf(TraceEvent<TState, TMessage> each) => each switch
    {
        CutStep<TState, TMessage> { IsHanded: true } => null, // Its shard does, of the state before.
        CutStep<TState, TMessage> => "records a snapshot",
        ProcessStep<TState, TMessage> => "takes a step",
        ProcessJoined<TState, TMessage> => "registers",
        RequestAnswered<TState, TMessage> => "answers a request",
        StateRead<TState, TMessage> => "answers a reader",
        FrameSent<TState, TMessage> => "sends a frame",
        AcknowledgementSent<TState, TMessage> => "sends an acknowledgement",
        ReportSent<TState, TMessage> => "reports",
        _ => null,
    };
}
