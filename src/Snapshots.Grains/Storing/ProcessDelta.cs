using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The difference between two records of one process, as a record of its own
/// (<see cref="Process{TState, TMessage}.ToRecord(long)"/>). Channels never go away, so a channel that is missing is unchanged, and
/// one that is there may leave out frames that the base has; recordings are all listed, with the channels that changed.
/// </summary>
internal static class ProcessDelta
{
    /// <summary>The record that differs from <paramref name="base"/> by <paramref name="delta"/>.</summary>
    /// <exception cref="InvalidDataException">The base does not have what the difference leaves out.</exception>
    public static ProcessRecord<TState, TMessage> Apply<TState, TMessage>(
        ProcessRecord<TState, TMessage> @base, ProcessRecord<TState, TMessage> delta) => delta with
        {
            Outgoing = Merged(@base.Outgoing, delta.Outgoing, channel => channel.Target, Whole),
            Incoming = Merged(@base.Incoming, delta.Incoming, channel => channel.Source),
            Recordings = [.. delta.Recordings.Select(recording => Find(@base, recording.Snapshot) is { } old
                ? recording with { Channels = Merged(old.Channels, recording.Channels, channel => channel.Source) }
                : recording)],
        };

    private static RecordingRecord<TState, TMessage>? Find<TState, TMessage>(
        ProcessRecord<TState, TMessage> record, SnapshotNumber snapshot) =>
        record.Recordings.FirstOrDefault(recording => recording.Snapshot == snapshot);

    private static OutgoingChannelRecord<TMessage> Whole<TMessage>(OutgoingChannelRecord<TMessage>? old, OutgoingChannelRecord<TMessage> changed)
    {
        if (changed.KeptUpTo == default) return changed;
        var entries = ImmutableArray.CreateBuilder<OutboxEntry<TMessage>>();
        var end = changed.Acknowledged;
        foreach (var entry in old?.Unacknowledged ?? [])
        {
            if (entry.Last <= end || entry.Last > changed.KeptUpTo) continue;
            entries.Add(entry.First <= end ? entry with { First = end.Next } : entry); // A run of void ones may be acknowledged in part.
            end = entry.Last;
        }

        if (end != changed.KeptUpTo) throw new InvalidDataException($"frames to {changed.Target} up to {changed.KeptUpTo} are lost, those up to {end} are there");
        return changed with { KeptUpTo = default, Unacknowledged = [.. entries, .. changed.Unacknowledged] };
    }

    private static ImmutableArray<T> Merged<T>(ImmutableArray<T> old, ImmutableArray<T> changed, Func<T, ProcessId> key, Func<T?, T, T>? whole = null)
    {
        var merged = new SortedDictionary<ProcessId, T>();
        foreach (var part in old) merged[key(part)] = part;
        foreach (var part in changed) merged[key(part)] = whole is null ? part : whole(merged.GetValueOrDefault(key(part)), part);
        return [.. merged.Values];
    }
}
