namespace Snapshots.Protocol;

/// <summary>One process's part in one snapshot: from its cut until it knows that the snapshot has ended.</summary>
internal sealed class Recording<TState, TMessage>
{
    private readonly ChannelMap<Channel> _channels = new();
    private readonly Epoch _epoch;
    private readonly ProcessId _process;
    private LocalReport<TState>? _local;
    private bool _overflow;
    private bool _overflowAccepted;
    private int _recordedMessages;
    private RecordingRecord<TState, TMessage>? _record;

    /// <summary>Whether the journal has the recording, with what it had to report when it was made.</summary>
    private bool _isTaken;

    public Recording(LocalReport<TState> local, long ordinal)
    {
        _local = local;
        Ordinal = ordinal;
        Snapshot = local.Snapshot;
        _epoch = local.Epoch;
        _process = local.Process;
        foreach (var (source, delivered) in local.Delivered) _channels.Add(source, new Channel(source, delivered) { IsOfCut = true });
    }

    public Recording(RecordingRecord<TState, TMessage> record, Epoch epoch, ProcessId process)
    {
        _isTaken = true;
        Ordinal = record.Ordinal;
        Snapshot = record.Snapshot;
        _epoch = epoch;
        _process = process;
        _local = record.Local;
        _overflow = record.Overflow;
        _overflowAccepted = record.OverflowAccepted;
        foreach (var channel in record.Channels)
        {
            _channels.Restore(channel.Source, new Channel(channel));
            _recordedMessages += channel.Messages.Length;
        }
    }

    public SnapshotNumber Snapshot { get; }

    /// <inheritdoc cref="RecordingRecord{TState, TMessage}.Ordinal"/>
    public long Ordinal { get; }

    public RecordingRecord<TState, TMessage> ToRecord() => _record ??=
        new(Snapshot, _local, [.. _channels.Values.Select(channel => channel.ToRecord())], _overflow, _overflowAccepted)
        {
            Ordinal = Ordinal,
        };

    /// <summary>Returns what has changed since the last call.</summary>
    /// <param name="requests">The memory of keys that the journal has.</param>
    public RecordingChange<TState, TMessage> TakeChange(RequestMemory requests)
    {
        var local = _isTaken ? null : _local;
        var changed = _channels.TakeChanged().Where(channel => local is null || !channel.IsAsCut);
        var change = new RecordingChange<TState, TMessage>(
            Snapshot,
            local is null ? null : local with { Requests = RequestMemory.Empty },
            KeepsLocal: _isTaken && _local is not null,
            [.. changed.Select(channel => channel.TakeChange())],
            _overflow,
            _overflowAccepted)
        {
            Ordinal = Ordinal,
            Requests = local?.Requests.ChangesSince(requests),
        };
        _isTaken = true;
        return change;
    }

    /// <summary>Notes that the journal has all of it.</summary>
    public void Taken()
    {
        foreach (var channel in _channels.TakeChanged()) channel.Taken();
        _isTaken = true;
    }

    /// <summary>
    /// An incoming channel that appears after the cut starts in state recording: nothing had been delivered on it.
    /// </summary>
    public void OpenChannel(ProcessId source)
    {
        _record = null;
        _channels.Add(source, new Channel(source, default));
    }

    public bool IsClosed(ProcessId source) => _channels[source].Status != ChannelRecordingStatus.Recording;

    /// <summary>
    /// Adds a delivered message to its channel's state. Returns the report of an overflow when this one is too many.
    /// </summary>
    public OverflowReport? Record(ProcessId source, TMessage message, int limit)
    {
        var channel = _channels[source];
        if (_overflow || channel.Status != ChannelRecordingStatus.Recording) return null;
        _record = null;
        if (_recordedMessages < limit)
        {
            channel.Add(message);
            _channels.Touch(channel);
            _recordedMessages++;
            return null;
        }

        _overflow = true;
        foreach (var each in _channels.Values)
        {
            each.Clear();
            _channels.Touch(each);

            // (1) A channel closes with messages; (2) another overflows; (3) reports are repeated. The first channel,
            // reported without its messages, would be taken for an empty one.
            if (each.Status == ChannelRecordingStatus.Closed) each.Status = ChannelRecordingStatus.Settled;
        }

        return new OverflowReport(Snapshot, _epoch, _process, limit);
    }

    /// <summary>
    /// The marker has come: the channel's state is complete. Returns what is to be reported of it, if anything.
    /// </summary>
    public ChannelReport<TMessage>? Close(ProcessId source)
    {
        _record = null;
        var channel = _channels[source];
        _channels.Touch(channel);
        channel.Status = channel.Messages.Count == 0 ? ChannelRecordingStatus.Settled : ChannelRecordingStatus.Closed;
        return channel.Status == ChannelRecordingStatus.Closed ? ToReport(channel) : null;
    }

    /// <summary>Everything that the collector has not accepted, in a fixed order.</summary>
    public IEnumerable<Report> UnacceptedReports(int limit)
    {
        if (_local is not null) yield return _local;
        if (_overflow && !_overflowAccepted) yield return new OverflowReport(Snapshot, _epoch, _process, limit);
        foreach (var channel in _channels.Values)
        {
            if (channel.Status == ChannelRecordingStatus.Closed) yield return ToReport(channel);
        }
    }

    /// <summary>Frees what the collector has persisted. False when it was freed before.</summary>
    public bool Accept(Report report)
    {
        switch (report)
        {
            case LocalReport<TState> when _local is not null:
                _local = null;
                break;
            case OverflowReport when _overflow && !_overflowAccepted:
                _overflowAccepted = true;
                break;
            case ChannelReport<TMessage> { Source: var source }
                when _channels.TryGetValue(source, out var channel) && channel.Status == ChannelRecordingStatus.Closed:
                channel.Status = ChannelRecordingStatus.Settled;
                _recordedMessages -= channel.Messages.Count; // The limit is of messages kept, and a restored recording knows no others.
                channel.Clear();
                _channels.Touch(channel);
                break;
            default:
                return false;
        }

        _record = null;
        return true;
    }

    private ChannelReport<TMessage> ToReport(Channel channel) =>
        new(Snapshot, _epoch, _process, channel.Source, channel.DeliveredBefore, [.. channel.Messages]);

    private sealed class Channel(ProcessId source, MessageCount deliveredBefore) : IChangingPart
    {
        private ChannelRecordingRecord<TMessage>? _record;

        /// <summary>How many of the messages the journal has.</summary>
        private int _taken;

        public Channel(ChannelRecordingRecord<TMessage> record)
            : this(record.Source, record.DeliveredBefore)
        {
            Status = record.Status;
            Messages.AddRange(record.Messages);
            _taken = Messages.Count;
            _record = record;
        }

        public bool IsChanged { get; set; }

        /// <summary>Whether the counts at the cut have the channel.</summary>
        public bool IsOfCut { get; init; }

        /// <summary>Whether the counts at the cut say all of it.</summary>
        public bool IsAsCut => IsOfCut && Status == ChannelRecordingStatus.Recording && Messages.Count == 0;

        public ProcessId Source { get; } = source;

        public MessageCount DeliveredBefore { get; } = deliveredBefore;

        public ChannelRecordingStatus Status
        {
            get;
            set
            {
                field = value;
                _record = null;
            }
        }

        public List<TMessage> Messages { get; } = [];

        public ChannelRecordingRecord<TMessage> ToRecord() =>
            _record ??= new(Source, DeliveredBefore, Status, [.. Messages]);

        public ChannelRecordingChange<TMessage> TakeChange()
        {
            var change = new ChannelRecordingChange<TMessage>(Source, DeliveredBefore, Status, _taken, [.. Messages.Skip(_taken)]);
            Taken();
            return change;
        }

        public void Taken() => _taken = Messages.Count;

        public void Add(TMessage message)
        {
            Messages.Add(message);
            _record = null;
        }

        public void Clear()
        {
            Messages.Clear();
            _taken = 0;
            _record = null;
        }
    }
}
