using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The difference between two records of one process, as a record of its own
/// (<see cref="Process{TState, TMessage}.ToRecord(long)"/>). Channels never go away, so a channel that is missing is unchanged;
/// recordings are all listed, with the channels that changed.
/// </summary>
internal static class ProcessDelta
{
    /// <summary>The record that differs from <paramref name="base"/> by <paramref name="delta"/>.</summary>
    public static ProcessRecord<TState, TMessage> Apply<TState, TMessage>(
        ProcessRecord<TState, TMessage> @base, ProcessRecord<TState, TMessage> delta) => delta with
        {
            Outgoing = Merged(@base.Outgoing, delta.Outgoing, channel => channel.Target),
            Incoming = Merged(@base.Incoming, delta.Incoming, channel => channel.Source),
            Recordings = [.. delta.Recordings.Select(recording => Find(@base, recording.Snapshot) is { } old
                ? recording with { Channels = Merged(old.Channels, recording.Channels, channel => channel.Source) }
                : recording)],
        };

    private static RecordingRecord<TState, TMessage>? Find<TState, TMessage>(
        ProcessRecord<TState, TMessage> record, SnapshotNumber snapshot) =>
        record.Recordings.FirstOrDefault(recording => recording.Snapshot == snapshot);

    private static ImmutableArray<T> Merged<T>(ImmutableArray<T> old, ImmutableArray<T> changed, Func<T, ProcessId> key)
    {
        var merged = new SortedDictionary<ProcessId, T>();
        foreach (var part in old) merged[key(part)] = part;
        foreach (var part in changed) merged[key(part)] = part;
        return [.. merged.Values];
    }
}
