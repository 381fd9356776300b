using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A write of a process took effect.</summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Record">What is now stored.</param>
public sealed record RecordPersisted<TState, TMessage>(ProcessRecord<TState, TMessage> Record)
    : TraceEvent<TState, TMessage>(Record.Id)
{
    /// <summary>What the process was when the write began; none if that was not seen.</summary>
    public ProcessRecord<TState, TMessage>? Taken { get; init; }

    internal override void AddTo(ref TraceHash hash, ITracedApplication<TState, TMessage> application)
    {
        base.AddTo(ref hash, application);
        hash.Add(2L);
        hash.Add(application.FingerprintOf(Record.State));
        hash.Add(Record.Known.Highest.Value);
        foreach (var channel in Record.Outgoing)
        {
            hash.Add(channel.Last.Value);
            hash.Add(channel.Acknowledged.Value);
        }

        foreach (var channel in Record.Incoming) hash.Add(channel.Digest.Value);
        foreach (var recording in Record.Recordings) hash.Add(recording.Snapshot.Value);
    }
}
