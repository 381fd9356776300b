using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A snapshot was called complete.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Snapshot">Which one.</param>
/// <param name="State">Its global state.</param>
public sealed record SnapshotCompleted<TState, TMessage>(SnapshotNumber Snapshot, GlobalState<TState, TMessage> State)
    : SnapshotEvent<TState, TMessage>(Snapshot)
{
    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        base.AddTo(ref hash, application);
        foreach (var process in State.Processes)
        {
            hash.Add(process.Id);
            hash.Add(application.FingerprintOf(process.State));
        }

        foreach (var channel in State.Channels)
        {
            hash.Add(channel.Sent.Value);
            hash.Add(channel.Delivered.Value);
            foreach (var (number, message) in channel.Messages)
            {
                hash.Add(number.Value);
                hash.Add(application.Fingerprint(message));
            }
        }
    }
}
