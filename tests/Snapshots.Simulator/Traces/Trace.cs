namespace Snapshots.Simulator;

/// <summary>
/// What happened in a run. The events of one process stand in the order in which they happened; between processes a
/// delivery stands behind the step that sent its message, and no invariant asks for more. Where a run gives only the
/// order of each process by itself, <see cref="CausalOrder"/> makes such an order.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="application">The application, as it should be.</param>
public sealed class Trace<TState, TMessage>(ITracedApplication<TState, TMessage> application)
{
    private readonly List<TraceEvent<TState, TMessage>> _events = [];
    private TraceIndex<TState, TMessage>? _index;

    /// <summary>The application, as it should be.</summary>
    public ITracedApplication<TState, TMessage> Application { get; } = application;

    /// <summary>All events.</summary>
    public IReadOnlyList<TraceEvent<TState, TMessage>> Events => _events;

    /// <summary>Whether the run was given the time to end everything, so that what has not ended never will.</summary>
    public bool IsHealed { get; set; }

    /// <summary>
    /// Whether a restore has discarded what came after the cut of its source: then it was not given the time to end.
    /// </summary>
    public bool IsDiscarded { get; set; }

    /// <summary>The histories, channels and cuts; made once, of the events that are there by then.</summary>
    public TraceIndex<TState, TMessage> Index => _index ??= new(this);

    /// <summary>Adds what happened next.</summary>
    public void Add(TraceEvent<TState, TMessage> happened)
    {
        _index = null;
        _events.Add(happened);
    }

    /// <summary>Puts an event before others that are there, at a place of <see cref="Events"/>.</summary>
    public void Insert(int place, TraceEvent<TState, TMessage> happened)
    {
        _index = null;
        _events.Insert(place, happened);
    }

    /// <summary>The hash of all events; the same for the same events on every machine.</summary>
    public ulong ToHash()
    {
        var hash = default(TraceHash);
        foreach (var each in _events)
        {
            hash.Add(each.AtMs);
            each.AddTo(ref hash, Application);
        }

        return hash.Value;
    }
}
