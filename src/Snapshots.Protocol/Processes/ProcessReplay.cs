using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// Makes the record of a process out of its last checkpoint and the entries after it. Each entry costs what it lists,
/// whatever the process has besides.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class ProcessReplay<TState, TMessage>
{
    private readonly Dictionary<ProcessId, OutgoingChannelRecord<TMessage>> _outgoing;
    private readonly Dictionary<ProcessId, IncomingChannelRecord> _incoming;
    private Dictionary<SnapshotNumber, ReplayedRecording> _recordings;
    private ProcessRecord<TState, TMessage> _record;

    /// <summary>Starts with a checkpoint.</summary>
    public ProcessReplay(ProcessRecord<TState, TMessage> checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _record = checkpoint;
        _outgoing = checkpoint.Outgoing.ToDictionary(channel => channel.Target);
        _incoming = checkpoint.Incoming.ToDictionary(channel => channel.Source);
        _recordings = checkpoint.Recordings.ToDictionary(recording => recording.Snapshot, recording => new ReplayedRecording(recording));
    }

    /// <summary>
    /// The state so far, and the local states that wait for the collector: what an entry may be written as a difference
    /// to.
    /// </summary>
    public TState State => _record.State;

    /// <summary>Applies the next entry.</summary>
    /// <exception cref="FormatException">The entry does not follow on what was applied before.</exception>
    public void Apply(ProcessChange<TState, TMessage> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var requests = Apply(change.Requests);
        foreach (var channel in change.Outgoing) _outgoing[channel.Target] = Whole(channel);
        foreach (var channel in change.Incoming) _incoming[channel.Source] = channel;
        var recordings = new Dictionary<SnapshotNumber, ReplayedRecording>(change.Recordings.Length);
        foreach (var recording in change.Recordings)
        {
            var before = _recordings.GetValueOrDefault(recording.Snapshot) ?? new ReplayedRecording();
            before.Apply(recording, recording.Requests is { } keys ? Apply(keys) : recording.Local?.Requests);
            recordings.Add(recording.Snapshot, before);
        }

        _recordings = recordings;
        _record = _record with
        {
            Epoch = change.Epoch,
            State = change.State,
            Requests = requests,
            Known = change.Known,
            LastOrdinal = change.LastOrdinal,
            Restore = change.Restore,
            IsClosed = change.IsClosed,
            Generation = change.Generation,
            IsResting = change.IsResting,
        };
    }

    /// <summary>Returns the record after all entries so far.</summary>
    public ProcessRecord<TState, TMessage> ToRecord() => _record with
    {
        Outgoing = [.. _outgoing.Values.OrderBy(channel => channel.Target)],
        Incoming = [.. _incoming.Values.OrderBy(channel => channel.Source)],
        Recordings = [.. _recordings.OrderBy(pair => pair.Key).Select(pair => pair.Value.ToRecord(pair.Key))],
    };

    private RequestMemory Apply(RequestChanges requests)
    {
        try
        {
            return _record.Requests.Apply(requests);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"the memory of keys does not fit: {exception.Message}", exception);
        }
    }

    private OutgoingChannelRecord<TMessage> Whole(OutgoingChannelChange<TMessage> change)
    {
        var entries = ImmutableArray.CreateBuilder<OutboxEntry<TMessage>>();
        var end = change.Acknowledged;
        if (end < change.KeptUpTo)
        {
            foreach (var entry in _outgoing.GetValueOrDefault(change.Target)?.Unacknowledged ?? [])
            {
                if (entry.Last <= end || entry.Last > change.KeptUpTo) continue;
                entries.Add(entry.First <= end ? entry with { First = end.Next } : entry); // A run of void ones, acknowledged in part.
                end = entry.Last;
            }
        }

        if (end != change.KeptUpTo) throw new FormatException($"frames to {change.Target} up to {change.KeptUpTo} are missing, those up to {end} exist");
        entries.AddRange(change.Entries);
        return new(
            change.Target, change.Acknowledged, change.AcknowledgedDigest, change.Last, change.Sent, entries.DrainToImmutable())
        {
            MarkedUpTo = change.MarkedUpTo,
        };
    }

    private sealed class ReplayedRecording
    {
        private readonly Dictionary<ProcessId, ChannelRecordingRecord<TMessage>> _channels = [];
        private LocalReport<TState>? _local;
        private long _ordinal;
        private bool _overflow;
        private bool _overflowAccepted;

        public ReplayedRecording()
        {
        }

        public ReplayedRecording(RecordingRecord<TState, TMessage> record)
        {
            (_local, _ordinal) = (record.Local, record.Ordinal);
            (_overflow, _overflowAccepted) = (record.Overflow, record.OverflowAccepted);
            foreach (var channel in record.Channels) _channels.Add(channel.Source, channel);
        }

        public void Apply(RecordingChange<TState, TMessage> change, RequestMemory? requests)
        {
            if (change.KeepsLocal && _local is null) throw new FormatException($"the local state of snapshot {change.Snapshot} is missing");
            if (!change.KeepsLocal) _local = change.Local is { } local ? local with { Requests = requests ?? RequestMemory.Empty } : null;
            foreach (var (source, delivered) in change.Local?.Delivered ?? [])
                _channels[source] = new(source, delivered, ChannelRecordingStatus.Recording, []);
            _ordinal = change.Ordinal;
            (_overflow, _overflowAccepted) = (change.Overflow, change.OverflowAccepted);
            foreach (var channel in change.Channels) _channels[channel.Source] = Whole(channel);
        }

        public RecordingRecord<TState, TMessage> ToRecord(SnapshotNumber snapshot) =>
            new(snapshot, _local, [.. _channels.Values.OrderBy(channel => channel.Source)], _overflow, _overflowAccepted)
            {
                Ordinal = _ordinal,
            };

        private ChannelRecordingRecord<TMessage> Whole(ChannelRecordingChange<TMessage> change)
        {
            var before = change.KeptMessages == 0 ? [] : _channels.GetValueOrDefault(change.Source)?.Messages ?? [];
            if (change.KeptMessages > before.Length)
            {
                throw new FormatException($"{change.KeptMessages} recorded messages of {change.Source} are written before, {before.Length} exist");
            }

            return new(change.Source, change.DeliveredBefore, change.Status, [.. before.AsSpan(0, change.KeptMessages), .. change.Messages]);
        }
    }
}
