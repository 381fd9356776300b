using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// The process recorded a snapshot. It stands where the recorded state was the state of the process: behind the step
/// that led to it and before the next one.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Report">What was recorded.</param>
public sealed record CutStep<TState, TMessage>(LocalReport<TState> Report)
    : ProcessStep<TState, TMessage>(Report.Process, Report.State, [])
{
    /// <summary>Whether its directory shard has reported it, while the process was at rest: then no crash takes it away.</summary>
    public bool IsHanded { get; set; }

    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        base.AddTo(ref hash, application);
        hash.Add(Report.Snapshot.Value);
        foreach (var (peer, count) in Report.Sent)
        {
            hash.Add(peer);
            hash.Add(count.Value);
        }

        foreach (var (peer, count) in Report.Delivered)
        {
            hash.Add(peer);
            hash.Add(count.Value);
        }
    }
}
