using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <content>The steps that the inputs are made of, and the effects that they leave.</content>
public sealed partial class Process<TState, TMessage>
{
    private readonly HashSet<OutgoingChannel<TMessage>> _unacknowledged = [];

    /// <summary>
    /// Channels to acknowledge, each once: see <see cref="IncomingChannel{TMessage}.IsToAcknowledge"/>.
    /// </summary>
    private readonly List<IncomingChannel<TMessage>> _toAcknowledge = [];
    private readonly List<Frame<TMessage>> _frames = [];
    private readonly List<EpochNotice> _notices = [];
    private readonly List<Report> _reports = [];
    private readonly List<ChannelFault> _faults = [];

    /// <summary>
    /// Takes the effects of all steps since the last call. They are to be performed once the record of this moment is
    /// persisted. Acknowledgements are made here, so that any number of deliveries on a channel leave as one.
    /// </summary>
    public Effects<TMessage> TakeEffects()
    {
        _toAcknowledge.Sort(static (left, right) => left.Source.CompareTo(right.Source));
        foreach (var channel in _toAcknowledge) channel.IsToAcknowledge = false;
        ImmutableArray<SnapshotNumber> recording = _toAcknowledge.Count == 0 ? [] : [.. _recordings.Keys];
        var effects = new Effects<TMessage>(
            [.. _frames],
            [.. _toAcknowledge.Select(channel =>
                new Acknowledgement(new ChannelId(channel.Source, Id), Epoch, channel.Delivered, channel.Digest)
                {
                    Recording = recording,
                })],
            [.. _notices],
            [.. _reports.Select(Told)],
            [.. _faults]);
        _frames.Clear();
        _toAcknowledge.Clear();
        _notices.Clear();
        _reports.Clear();
        _faults.Clear();
        return effects;
    }

    /// <summary>
    /// The cut of this process: state, memory of keys, counts and markers in one step, with nothing between.
    /// </summary>
    private Recording<TState, TMessage> Record(SnapshotNumber snapshot, Instant now)
    {
        var local = LocalOf(snapshot);
        var recording = new Recording<TState, TMessage>(local, ++_lastOrdinal);
        _recordings.Add(snapshot, recording);
        IEnumerable<OutgoingChannel<TMessage>> marked = _markers == MarkerPolicy.EveryChannel
            ? _outgoing.Values
            : _unacknowledged.Where(channel => channel.HasUnacknowledgedMessage).OrderBy(channel => channel.Target);
        foreach (var channel in marked.ToList()) PutOwedMarkers(channel, now);
        _reports.Add(local);
        _flight?.Add(FlightEventKind.Cut, default, snapshot.Value, now);
        Changed();
        return recording;
    }

    /// <summary>A report as it is told. While it is not accepted its recording is open, and the process does not rest.</summary>
    private Report Told(Report report) => _generation > 0 ? report with { HasRested = true } : report;

    private LocalReport<TState> LocalOf(SnapshotNumber snapshot) => new(
        snapshot,
        Epoch,
        Id,
        State,
        [.. _outgoing.Values.Select(channel => new ChannelCount(channel.Target, channel.Sent))],
        [.. _incoming.Values.Select(channel => new ChannelCount(channel.Source, channel.Messages))])
    {
        Requests = Requests,
    };

    /// <summary>Delivers the next frame of a channel. False if it was impossible and nothing happened.</summary>
    private bool Deliver(IncomingChannel<TMessage> channel, Frame<TMessage> frame, Instant now)
    {
        if (!HasPossibleCount(frame, channel.Messages)) return false;
        var passed = frame.Content switch
        {
            MessageContent<TMessage> content => DeliverMessage(channel, frame, content.Message, now),
            MarkerContent<TMessage> content => DeliverMarker(channel, frame, content, now),
            _ => true,
        };
        if (!passed) return false;
        if (frame.Content is not MessageContent<TMessage>) channel.Pass(frame.Last);
        ToAcknowledge(channel);
        _incoming.Touch(channel);
        Changed();
        return true;
    }

    /// <summary>
    /// Whether what the frame says of the number of messages before it is what was delivered; a fault if not.
    /// </summary>
    private bool HasPossibleCount(Frame<TMessage> frame, MessageCount delivered) => frame.Content switch
    {
        MessageContent<TMessage> content when content.Number != delivered.Next => Fault(
            frame.Channel, ChannelFaultKind.CountMismatch, $"message {content.Number} after {delivered} messages"),
        MarkerContent<TMessage> content when content.SentBefore != delivered => Fault(
            frame.Channel,
            ChannelFaultKind.CountMismatch,
            $"marker {content.Snapshot} after {content.SentBefore} messages, {delivered} delivered"),
        _ => true,
    };

    private bool DeliverMessage(IncomingChannel<TMessage> channel, Frame<TMessage> frame, TMessage message, Instant now)
    {
        var reaction = Handle(frame.Channel, channel.Messages.Next, message);
        channel.PassMessage(frame.Last, _application.Fingerprint(message));
        _flight?.Add(FlightEventKind.Delivered, channel.Source, channel.Messages.Value, now);
        if (_recordings.Count > 0) AddToRecordings(channel.Source, message);

        Perform(reaction, now);
        return true;
    }

    /// <summary>Has the application handle a message; what it throws is its fault, and is told with the message.</summary>
    private Reaction<TState, TMessage> Handle(ChannelId channel, MessageCount number, TMessage message)
    {
        try
        {
            var reaction = _application.Deliver(Id, State, channel.Source, message);
            RequireTargets(reaction);
            return reaction;
        }
        catch (Exception exception)
        {
            throw new HandlerException(channel, number, message?.GetType().Name ?? "null", exception);
        }
    }

    private bool DeliverMarker(IncomingChannel<TMessage> channel, Frame<TMessage> frame, MarkerContent<TMessage> content, Instant now)
    {
        if (Known.HasEnded(content.Snapshot))
        {
            // A late marker: to record now would start an ended snapshot again, and two processes could wake each other
            // for ever.
            Counters = Counters with { LateMarkers = Counters.LateMarkers + 1 };
            return true;
        }

        if (!_recordings.TryGetValue(content.Snapshot, out var recording))
        {
            if (_recordings.Count >= Limits.MaxOpenRecordings)
            {
                Counters = Counters with { Dropped = Counters.Dropped + 1 };
                return false; // It is not acknowledged, so it comes again, until one of the open snapshots has ended.
            }

            recording = Record(content.Snapshot, now);
        }
        else if (recording.IsClosed(channel.Source))
        {
            return Fault(frame.Channel, ChannelFaultKind.SecondMarker, $"a second marker of snapshot {content.Snapshot}");
        }

        if (recording.Close(channel.Source) is { } report) _reports.Add(report);
        return true;
    }

    /// <summary>Puts the markers on a channel that it owes: of all open recordings that it does not carry yet.</summary>
    private void PutOwedMarkers(OutgoingChannel<TMessage> channel, Instant now)
    {
        if (_recordings.Count == 0 || channel.MarkedUpTo == _lastOrdinal) return;
        var carried = channel.MarkedUpTo;
        foreach (var recording in _recordings.Values)
        {
            if (recording.Ordinal <= carried) continue;
            Put(channel, channel.EnqueueMarker(recording.Snapshot, recording.Ordinal, now, Limits));
            Counters = Counters with { Markers = Counters.Markers + 1 };
        }
    }

    /// <summary>Records what another process records. False if there is no room for it; then nothing has changed.</summary>
    private bool RecordAll(ImmutableArray<SnapshotNumber> recorded, Instant now)
    {
        List<SnapshotNumber> missing = [.. recorded.Where(each => !_recordings.ContainsKey(each) && !Known.HasEnded(each))];
        if (_recordings.Count + missing.Count > Limits.MaxOpenRecordings)
        {
            Counters = Counters with { Dropped = Counters.Dropped + 1 };
            return false;
        }

        foreach (var snapshot in missing) Record(snapshot, now);
        return true;
    }

    private void AddToRecordings(ProcessId source, TMessage message)
    {
        foreach (var recording in _recordings.Values)
        {
            if (recording.Record(source, message, Limits.MaxRecordedMessages) is { } overflow) _reports.Add(overflow);
        }
    }

    private void Perform(Reaction<TState, TMessage> reaction, Instant now)
    {
        State = reaction.State;
        foreach (var outgoing in reaction.Messages)
        {
            var channel = OpenOutgoing(outgoing.Target, now);
            if (_opening == ChannelOpening.Pair && !channel.IsPaired)
            {
                OpenIncoming(outgoing.Target);
                channel.IsPaired = true;
            }

            PutOwedMarkers(channel, now);
            Put(channel, channel.EnqueueMessage(outgoing.Message, _application.Fingerprint(outgoing.Message), now, Limits));
            _flight?.Add(FlightEventKind.Sent, channel.Target, channel.Sent.Value, now);
        }

        Changed();
    }

    private OutgoingChannel<TMessage> OpenOutgoing(ProcessId target, Instant now)
    {
        if (_outgoing.TryGetValue(target, out var channel)) return channel;
        channel = new OutgoingChannel<TMessage>(target);
        _outgoing.Add(target, channel);
        Changed();
        if (_markers == MarkerPolicy.EveryChannel) PutOwedMarkers(channel, now);
        return channel;
    }

    private IncomingChannel<TMessage> OpenIncoming(ProcessId source)
    {
        if (_incoming.TryGetValue(source, out var channel)) return channel;
        channel = new IncomingChannel<TMessage>(source);
        _incoming.Add(source, channel);
        foreach (var recording in _recordings.Values) recording.OpenChannel(source);
        Changed();
        return channel;
    }

    private void Put(OutgoingChannel<TMessage> channel, OutboxEntry<TMessage> entry)
    {
        Changed(channel);
        if (channel.UnacknowledgedFrames == 1) _unacknowledged.Add(channel); // Else it is there.
        Emit(channel, entry);
    }

    private void Emit(OutgoingChannel<TMessage> channel, OutboxEntry<TMessage> entry) => _frames.Add(
        new Frame<TMessage>(new ChannelId(Id, channel.Target), Epoch, entry.First, entry.Last, entry.Content, channel.Acknowledged));

    private bool IsFenced(Epoch epoch, ChannelId channel, ProcessId sender)
    {
        if (epoch < Epoch) _notices.Add(new EpochNotice(sender, Epoch));
        if (epoch > Epoch) Fault(channel, ChannelFaultKind.NewerEpoch, $"it is epoch {epoch}, this is {Epoch}");
        return epoch != Epoch;
    }

    private bool Fault(ChannelId channel, ChannelFaultKind kind, string detail)
    {
        _faults.Add(new ChannelFault(channel, kind, detail));
        return false;
    }

    private void RequireJoined()
    {
        if (!HasJoined) throw new InvalidOperationException($"{Id} has not joined");
    }

    private void RequireOpen()
    {
        RequireJoined();
        if (!IsOpen) throw new InvalidOperationException($"{Id} is closed: {Gate}");
        if (IsResting) throw new InvalidOperationException($"{Id} rests");
    }

    /// <summary>Removes all of the history that a restore discards.</summary>
    private void Discard()
    {
        _outgoing.Clear();
        _incoming.Clear();
        _recordings.Clear();
        _flight?.Clear();
        _lastOrdinal = 0;
        _unacknowledged.Clear();
        _toAcknowledge.Clear();
        _frames.Clear();
        _notices.Clear();
        _reports.Clear();
        _faults.Clear();
    }

    /// <summary>
    /// Delivers the messages that were in transit on a channel. They get no frame, so the digest does not know them, at
    /// either end.
    /// </summary>
    private void Redeliver(ChannelReport<TMessage> report, Instant now)
    {
        var channel = OpenIncoming(report.Source);
        if (_opening == ChannelOpening.Pair) OpenOutgoing(report.Source, now);
        foreach (var message in report.Messages)
        {
            channel.CountMessage();
            _flight?.Add(FlightEventKind.Delivered, channel.Source, channel.Messages.Value, now);
            Perform(_application.Deliver(Id, State, report.Source, message), now);
        }
    }

    private void RequireRoom(ProcessId target, int count)
    {
        if (!HasRoom(target, count)) throw new InvalidOperationException($"the channel {Id}->{target} has no room for {count} messages");
    }

    /// <summary>Whether a caller may cause the reaction.</summary>
    private void RequireLegal(Reaction<TState, TMessage> reaction)
    {
        RequireOpen();
        RequireTargets(reaction);
        if (reaction.Messages.Length == 1)
        {
            RequireRoom(reaction.Messages[0].Target, 1);
            return;
        }

        foreach (var (target, count) in reaction.Messages.CountBy(outgoing => outgoing.Target)) RequireRoom(target, count);
    }

    private void RequireTargets(Reaction<TState, TMessage> reaction)
    {
        foreach (var outgoing in reaction.Messages) RequirePeer(outgoing.Target, nameof(reaction));
    }

    private void RequirePeer(ProcessId peer, string parameterName)
    {
        if (peer == Id) throw new ArgumentException($"{Id} has no channel to itself", parameterName);
        if (peer == default) throw new ArgumentException("a channel has a process at either end", parameterName);
    }

    private void RequireRecordings(SnapshotAnnouncement merged)
    {
        var still = _recordings.Keys.Count(snapshot => !merged.HasEnded(snapshot));
        var more = merged.Open.Count(snapshot => !_recordings.ContainsKey(snapshot));
        if (more > 0 && still + more > Limits.MaxOpenRecordings)
        {
            throw new InvalidOperationException($"{Id} would have {still + more} recordings open, the limit is {Limits.MaxOpenRecordings}");
        }
    }

    private void ToAcknowledge(IncomingChannel<TMessage> channel)
    {
        if (channel.IsToAcknowledge) return;
        channel.IsToAcknowledge = true;
        _toAcknowledge.Add(channel);
    }

    private void Changed() => Revision++;

    private void Changed(OutgoingChannel<TMessage> channel)
    {
        _outgoing.Touch(channel);
        Changed();
    }
}
