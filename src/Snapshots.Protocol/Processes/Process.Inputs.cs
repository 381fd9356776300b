using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <content>The inputs, each one step: legality first, then the change.</content>
public sealed partial class Process<TState, TMessage>
{
    /// <summary>
    /// Takes the answer of the directory that now knows this process: the epoch, and the snapshots that are open, which
    /// a newcomer records before its first event. Joining again, after a crash before the first was persisted or by
    /// mistake, is harmless.
    /// </summary>
    /// <exception cref="ArgumentException">The epoch is <c>default</c>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The process lives in another epoch already, or more snapshots are open than a process records; nothing has
    /// changed.
    /// </exception>
    public void Join(Epoch epoch, SnapshotAnnouncement announcement, Instant now)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        if (epoch == default) throw new ArgumentException("a process joins an epoch from 1 on", nameof(epoch));
        if (HasJoined && Epoch != epoch) throw new InvalidOperationException($"{Id} lives in epoch {Epoch}, not {epoch}");
        RequireRecordings(Known.Merge(announcement));

        if (!HasJoined)
        {
            Gate = Gate.Of(epoch);
            Changed();
        }

        Learn(announcement);
        foreach (var snapshot in Known.Open) Initiate(snapshot, now);
    }

    /// <summary>
    /// Begins to rest: until it is <see cref="Awake"/> again, its state and counts stay as they are.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The process is closed, or has frames or recordings open, or rests; nothing has changed.
    /// </exception>
    public void Rest()
    {
        RequireOpen();
        if (IsUnfinished) throw new InvalidOperationException($"{Id} has frames under way or recordings open");
        (IsResting, _generation) = (true, _generation + 1);
        Changed();
    }

    /// <summary>
    /// Is awake, and has recorded the snapshots that were open when its directory shard had stored that it is: one step.
    /// Nothing happens if it does not rest, or another rest than this is meant.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// More snapshots are open than a process records; nothing has changed.
    /// </exception>
    public void Awake(RestMark mark, SnapshotAnnouncement announcement, Instant now)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        if (!IsResting || mark != RestMark || !IsOpen) return;
        RequireRecordings(Known.Merge(announcement));
        IsResting = false;
        Changed();
        Learn(announcement);
        foreach (var snapshot in Known.Open) Initiate(snapshot, now);
    }

    /// <summary>A local event of the application: a new state and messages, in one step.</summary>
    /// <exception cref="InvalidOperationException">
    /// The process has not joined, or a target has no room for all its messages (<see cref="ProtocolLimits.Window"/>);
    /// nothing has changed.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A message is addressed to the process itself or to nobody; nothing has changed.
    /// </exception>
    public void Apply(Reaction<TState, TMessage> reaction, Instant now)
    {
        ArgumentNullException.ThrowIfNull(reaction);
        RequireLegal(reaction);
        Perform(reaction, now);
    }

    /// <summary>
    /// A local event of the application that answers a request under a key: as <see cref="Apply(Reaction{TState,
    /// TMessage}, Instant)"/>, and in the same step the outcome is remembered.
    /// </summary>
    /// <param name="reaction">The new state and messages; null if only the outcome is to be remembered.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">
    /// The process has not joined, or a target has no room for all its messages; nothing has changed.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The key is not <see cref="KeyStanding.New"/>, the outcome is too long, or a message is addressed to the process
    /// itself or to nobody; nothing has changed.
    /// </exception>
    public void Apply(Reaction<TState, TMessage>? reaction, KeyedRequest request, Instant now)
    {
        if (reaction is null) RequireOpen();
        else RequireLegal(reaction);
        Requests = Requests.Add(request.Key, request.Fingerprint, request.Outcome, request.WallMs, Limits.Requests);
        if (reaction is null) Changed();
        else Perform(reaction, now);
    }

    /// <summary>Says what is known of a key, in the memory as it is now. It changes nothing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fingerprint">The fingerprint of the request that comes with it.</param>
    /// <param name="wallMs">The process's clock, in milliseconds since 1970.</param>
    /// <param name="outcome">The remembered outcome, for <see cref="KeyStanding.Duplicate"/>; else empty.</param>
    /// <exception cref="ArgumentException">The key is <c>default</c>, or no date is that time.</exception>
    public KeyStanding Find(RequestKey key, ulong fingerprint, long wallMs, out ImmutableArray<byte> outcome) =>
        Requests.Find(key, fingerprint, wallMs, Limits.Requests, out outcome);

    /// <summary>Says what is known of a key, whatever the request under it was. It changes nothing.</summary>
    /// <inheritdoc cref="Process{TState, TMessage}.Find(RequestKey, ulong, long, out ImmutableArray{byte})"/>
    public KeyStanding Find(RequestKey key, long wallMs, out ImmutableArray<byte> outcome) =>
        Requests.Find(key, wallMs, Limits.Requests, out outcome);

    /// <summary>Opens the outgoing channel to a process, without a message.</summary>
    /// <exception cref="InvalidOperationException">The process has not joined.</exception>
    /// <exception cref="ArgumentException">The target is the process itself or nobody.</exception>
    public void OpenChannel(ProcessId target, Instant now)
    {
        RequireOpen();
        RequirePeer(target, nameof(target));
        OpenOutgoing(target, now);
        if (_opening == ChannelOpening.Pair) OpenIncoming(target);
    }

    /// <summary>
    /// Records a snapshot, as one of its initiators. Nothing happens if it was recorded or has ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The process has not joined, or too many recordings are open.
    /// </exception>
    /// <exception cref="ArgumentException">The number is <c>default</c>.</exception>
    public void Initiate(SnapshotNumber snapshot, Instant now)
    {
        RequireJoined();
        if (snapshot == default) throw new ArgumentException("a snapshot has a number from 1 on", nameof(snapshot));
        if (!IsActive || _recordings.ContainsKey(snapshot) || Known.HasEnded(snapshot)) return;
        if (_recordings.Count >= Limits.MaxOpenRecordings)
        {
            throw new InvalidOperationException($"{Id} has {_recordings.Count} recordings open, which is the limit");
        }

        Record(snapshot, now);
    }

    /// <summary>
    /// A frame from the network: late, early, or twice. What is next is delivered, with what it makes next out of the
    /// hold-back buffer; a duplicate is acknowledged again; an early one is held back, or dropped when the buffer is
    /// full, and comes again.
    /// </summary>
    /// <exception cref="InvalidOperationException">The process has not joined.</exception>
    /// <exception cref="ArgumentException">The frame is for another process, or from this one or nobody.</exception>
    public void Receive(Frame<TMessage> frame, Instant now)
    {
        ArgumentNullException.ThrowIfNull(frame);
        RequireJoined();
        if (frame.Channel.Target != Id) throw new ArgumentException($"a frame of {frame.Channel} came to {Id}", nameof(frame));
        RequirePeer(frame.Channel.Source, nameof(frame));
        if (!IsActive) return;
        if (IsFenced(frame.Epoch, frame.Channel, frame.Channel.Source)) return;

        _incoming.TryGetValue(frame.Channel.Source, out var known);
        var delivered = known?.Delivered ?? default;
        if (frame.Acknowledged > delivered)
        {
            Fault(frame.Channel, ChannelFaultKind.ReceiverWentBack, $"frame {frame.Acknowledged} acknowledged, {delivered} delivered");
            return;
        }

        // An impossible first frame opens no channel: a fault changes nothing.
        if (known is null && frame.First == delivered.Next && !HasPossibleCount(frame, default)) return;

        var channel = known ?? OpenIncoming(frame.Channel.Source);
        if (_opening == ChannelOpening.Pair && !channel.IsPaired)
        {
            OpenOutgoing(frame.Channel.Source, now);
            channel.IsPaired = true;
        }

        if (channel.IsDuplicate(frame))
        {
            Counters = Counters with { Duplicates = Counters.Duplicates + 1 };
            ToAcknowledge(channel);
        }
        else if (!channel.IsNext(frame))
        {
            Counters = channel.HoldBack(frame, Limits)
                ? Counters with { HeldBack = Counters.HeldBack + 1 }
                : Counters with { Dropped = Counters.Dropped + 1 };
        }
        else
        {
            for (var next = frame; next is not null && Deliver(channel, next, now);) next = channel.TakeNextHeldBack();
        }
    }

    /// <summary>
    /// An acknowledgement from the network. One that was overtaken by a later one changes nothing. Where markers are owed,
    /// what its sender records is recorded here first, while the messages still count as unacknowledged.
    /// </summary>
    /// <exception cref="InvalidOperationException">The process has not joined.</exception>
    /// <exception cref="ArgumentException">The acknowledged channel is another process's.</exception>
    public void Receive(Acknowledgement acknowledgement, Instant now)
    {
        ArgumentNullException.ThrowIfNull(acknowledgement);
        RequireJoined();
        var channelId = acknowledgement.Channel;
        if (channelId.Source != Id) throw new ArgumentException($"{channelId} is no channel of {Id}", nameof(acknowledgement));
        if (!IsActive) return;
        if (IsFenced(acknowledgement.Epoch, channelId, channelId.Target)) return;
        if (!_outgoing.TryGetValue(channelId.Target, out var channel))
        {
            Fault(channelId, ChannelFaultKind.SenderWentBack, $"frame {acknowledgement.UpTo} acknowledged, none sent");
            return;
        }

        if (channel.FindFault(acknowledgement) is { } fault)
        {
            _faults.Add(fault);
            return;
        }

        if (channel.IsOvertaken(acknowledgement)) return;
        if (_markers == MarkerPolicy.Owed && !RecordAll(acknowledgement.Recording, now)) return; // It comes again, as the frames do.
        channel.Acknowledge(acknowledgement.UpTo, now, Limits);
        Changed(channel);
        if (channel.UnacknowledgedFrames == 0) _unacknowledged.Remove(channel);
    }

    /// <summary>
    /// Another process lives in that epoch. A newer one than this process's is a fault; an older one says nothing.
    /// </summary>
    public void Receive(EpochNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        if (notice.To != Id) throw new ArgumentException($"a notice for {notice.To} came to {Id}", nameof(notice));
        if (IsActive && notice.Epoch > Epoch) Fault(default, ChannelFaultKind.NewerEpoch, $"it is epoch {notice.Epoch}, this is {Epoch}");
    }

    /// <summary>
    /// What the one who numbers snapshots says is open: recordings of others end, their markers become void.
    /// </summary>
    public void Learn(SnapshotAnnouncement announcement)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        if (IsResting) return; // It has recorded nothing, and is told when it is awake.
        var merged = Known.Merge(announcement);
        if (merged.Equals(Known)) return;
        Known = merged;
        Changed();
        var ended = _recordings.Keys.Where(Known.HasEnded).ToList();
        foreach (var snapshot in ended) _recordings.Remove(snapshot);
        if (ended.Count == 0) return; // A process puts markers only of what it has recorded.
        foreach (var channel in _unacknowledged)
        {
            if (channel.VoidMarkers(Known)) Changed(channel);
        }
    }

    /// <summary>The collector has persisted a report: it need not be repeated, and what it holds is freed.</summary>
    public void Accept(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Process != Id) throw new ArgumentException($"a report of {report.Process} came to {Id}", nameof(report));
        if (report.Epoch == Epoch && _recordings.TryGetValue(report.Snapshot, out var recording) && recording.Accept(report)) Changed();
    }

    /// <summary>
    /// Closes the process for a restore, or opens it again when that is aborted. One that has not joined joins the epoch
    /// in which it closes. False if the gate is not later than its own, or of another epoch: then it comes late, or the
    /// process waits for its part; nothing has changed. A damaged process has nothing that belongs to an epoch, so it
    /// takes every later gate.
    /// </summary>
    /// <param name="gate">The gate that it is to have.</param>
    /// <param name="damage">What was lost of the process, if it was damaged; it is kept until there is a part.</param>
    public bool Obey(Gate gate, string? damage = null)
    {
        if (gate.Epoch == default || gate <= Gate) return false;
        if ((damage ?? Damage) is null && (HasJoined ? gate.Epoch != Epoch : gate.IsOpen)) return false;
        Gate = gate;
        Damage ??= damage;
        Changed();
        return true;
    }

    /// <summary>
    /// Applies its part of a committed restore, in one step: everything is as in the source, then the messages that were
    /// in transit to it are delivered, by source, in their order. Effects that were not taken are those of the discarded
    /// history, and are dropped. False if the process lives in that epoch or a later one; nothing has changed.
    /// </summary>
    /// <remarks>
    /// Message counts go on, so that cuts after it are stated in the same numbers; frame numbers and digests start
    /// again, at both ends of each channel.
    /// </remarks>
    /// <exception cref="ArgumentException">The part is another process's; nothing has changed.</exception>
    public bool Restore(RestorePart<TState, TMessage> part, Instant now)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (part.Local is { } local && local.Process != Id) throw new ArgumentException($"the part of {local.Process} came to {Id}", nameof(part));
        if (part.Gate.Epoch <= Epoch) return false;
        Discard();
        (Gate, Damage, IsResting) = (part.Gate, null, false);
        State = part.Local is null ? _application.CreateState(Id) : part.Local.State;
        Requests = part.Local?.Requests ?? RequestMemory.Empty;
        foreach (var (peer, count) in part.Local?.Sent ?? [])
        {
            _outgoing.Restore(peer, new(new OutgoingChannelRecord<TMessage>(peer, default, default, default, count, [])));
        }

        foreach (var (peer, count) in part.Local?.Delivered ?? [])
        {
            _incoming.Restore(peer, new(new IncomingChannelRecord(peer, default, count, default)));
        }

        foreach (var channel in part.Channels) Redeliver(channel, now);
        Changed();
        return true;
    }

    /// <summary>Sends again what is due. See <see cref="ResendAt"/>.</summary>
    public void Resend(Instant now)
    {
        if (!IsActive) return;
        foreach (var channel in _unacknowledged.Where(channel => channel.ResendAt <= now).OrderBy(channel => channel.Target))
        {
            foreach (var entry in channel.TakeDue(now, Limits))
            {
                Emit(channel, entry);
                Counters = Counters with { Resent = Counters.Resent + 1 };
            }
        }
    }
}
