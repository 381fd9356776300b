using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Stands between the core and its application while a process is observed, so that deliveries are seen one by one and
/// each cut at its place among them.
/// </summary>
internal sealed class Observation<TState, TMessage>(IApplication<TState, TMessage> application, IActivationObserver<TState, TMessage> observer)
    : IApplication<TState, TMessage>
{
    private readonly HashSet<SnapshotNumber> _seen = [];
    private Participant<TState, TMessage>? _process;

    /// <summary>Who sees it.</summary>
    public IActivationObserver<TState, TMessage> Observer => observer;

    /// <summary>Starts with a process; what it records already was seen in an earlier activation.</summary>
    public void Follow(Participant<TState, TMessage> process)
    {
        _process = process;
        _seen.UnionWith(process.OpenRecordings);
    }

    /// <summary>Looks for cuts since the last time.</summary>
    public void Look()
    {
        if (_process is null) return;
        foreach (var snapshot in _process.OpenRecordings.Where(_seen.Add).ToList())
        {
            observer.Recorded(_process.UnacceptedReports().OfType<LocalReport<TState>>().Single(report => report.Snapshot == snapshot));
        }
    }

    public TState CreateState(ProcessId self) => application.CreateState(self);

    public Reaction<TState, TMessage> Deliver(ProcessId self, TState state, ProcessId source, TMessage message)
    {
        Look(); // A marker before this message, in the same run of frames, may have made a cut.
        var reaction = application.Deliver(self, state, source, message);
        observer.Delivered(source, message, reaction);
        return reaction;
    }

    public ulong Fingerprint(TMessage message) => application.Fingerprint(message);
}
