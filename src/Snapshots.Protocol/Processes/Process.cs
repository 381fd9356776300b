namespace Snapshots.Protocol;

/// <summary>
/// One process of the distributed system: the application's state, its channels and its part in every open snapshot, as
/// one state machine without clock, thread, randomness or I/O. Inputs and the time come in as arguments; effects go out
/// as data.
/// </summary>
/// <remarks>
/// <para>
/// Theory of operation (Chandy and Lamport, "Distributed Snapshots", 1985, section 3.1). Channels are FIFO, without
/// loss or duplicates: <see cref="OutgoingChannel{TMessage}"/> and <see cref="IncomingChannel{TMessage}"/> make them
/// so. A process records once per snapshot, and puts one marker on every outgoing channel in the same step, so that a
/// marker parts the messages sent before the cut from those sent after it. What arrives on a channel after the
/// receiver's cut and before its marker was sent before the sender's cut: it was in the channel.
/// </para>
/// <para>
/// Owed markers (<see cref="MarkerPolicy.Owed"/>). A channel without an unacknowledged message needs no marker until
/// something is sent on it: its two counts are equal. The marker is owed, and goes in front of the next message. That the
/// counts are equal needs one rule more: an acknowledgement tells what the receiver records, and the sender records it
/// first. So either the receiver's cut came after the messages that it acknowledged, or the sender cuts while they
/// count as unacknowledged, and marks the channel.
/// </para>
/// <para>Rules. "Open" means recorded here and not known here to have ended.</para>
/// <code>
/// input                          state                       what happens, in one step
/// -----------------------------  --------------------------  ---------------------------------------------------------------
/// initiate s                     not recorded, not ended     RECORD s, all incoming channels recording
/// initiate s                     recorded or ended           nothing: one record per process and snapshot
/// marker s, first seen           not recorded, not ended     RECORD s; the marker's channel is closed and empty
/// marker s                       recorded, channel open      the channel's state is complete: close, report if not empty
/// marker s                       ended                       nothing: a late marker must not start s again
/// marker s                       recorded, channel closed    fault: one marker per channel and snapshot
/// acknowledgement naming s       not recorded, not ended     where markers are owed: RECORD s; then as any acknowledgement
/// message                        any                         deliver; add to each open recording whose channel is recording
/// first frame on a channel       any                         OPEN the incoming channel (and its reverse, if channels pair)
/// local step                     joined                      new state; each message is numbered and kept; channels OPEN as used
/// join                           a newcomer                  RECORD every open snapshot, before the first event
/// rest                           awake, nothing unfinished   no input but an order or a part does anything
/// awake                          resting                     RECORD every open snapshot, before the first event
/// announcement                   any                         recordings of ended snapshots go; their markers become void
/// close, open                    an earlier gate, same epoch the gate changes; while it is closed no other input does anything
/// part of a restore              an earlier epoch            REPLACE all; deliver what was in transit; open in the new epoch
///
/// RECORD s: copy state and memory of keys; note messages sent and delivered per channel; marker s on every outgoing channel,
///   or, where markers are owed, on those with an unacknowledged message.
/// SEND on a channel: first the marker of each open snapshot that it does not carry yet, by number.
/// OPEN outgoing: the same, at once or before its first message. OPEN incoming: recording, for each open snapshot.
/// REPLACE: state, keys and message counts as recorded; frame numbers and digests start again; no recording is left.
/// </code>
/// <para>
/// Illegal input from the host throws and changes nothing. Impossible input from the network is returned as a
/// <see cref="ChannelFault"/> and changes nothing. Not safe for concurrent use.
/// </para>
/// </remarks>
/// <typeparam name="TState">The application's state of one process; immutable.</typeparam>
/// <typeparam name="TMessage">What the application sends; immutable.</typeparam>
public sealed partial class Process<TState, TMessage> : IProcess<TState, TMessage>
{
    private readonly IApplication<TState, TMessage> _application;
    private readonly ChannelOpening _opening;
    private readonly MarkerPolicy _markers;
    private readonly FlightRecorder? _flight;
    private readonly ChannelMap<OutgoingChannel<TMessage>> _outgoing = new();
    private readonly ChannelMap<IncomingChannel<TMessage>> _incoming = new();
    private readonly SortedDictionary<SnapshotNumber, Recording<TState, TMessage>> _recordings = [];

    /// <inheritdoc cref="ProcessRecord{TState, TMessage}.LastOrdinal"/>
    private long _lastOrdinal;

    /// <inheritdoc cref="ProcessRecord{TState, TMessage}.Generation"/>
    private long _generation;

    /// <summary>The memory of keys as the last checkpoint or entry has it.</summary>
    private RequestMemory _takenRequests = RequestMemory.Empty;

    /// <summary>Makes a newcomer; it must <see cref="Join"/> before anything else.</summary>
    /// <exception cref="ArgumentException">A limit is not usable, or the process has no name.</exception>
    public Process(
        ProcessId id,
        IApplication<TState, TMessage> application,
        ChannelOpening opening,
        ProtocolLimits limits,
        MarkerPolicy markers = MarkerPolicy.EveryChannel,
        FlightRecorder? flight = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(limits);
        if (id == default) throw new ArgumentException("a process has a name", nameof(id));
        limits.Validate();
        Id = id;
        _application = application;
        _opening = opening;
        _markers = markers;
        _flight = flight;
        Limits = limits;
        State = application.CreateState(id);
    }

    /// <summary>
    /// Makes the process that was persisted. What it had not seen acknowledged is due to be sent again at once.
    /// </summary>
    /// <exception cref="ArgumentException">A limit is not usable, or the process has no name.</exception>
    public Process(
        ProcessRecord<TState, TMessage> record,
        IApplication<TState, TMessage> application,
        ChannelOpening opening,
        ProtocolLimits limits,
        Instant now,
        MarkerPolicy markers = MarkerPolicy.EveryChannel,
        FlightRecorder? flight = null)
        : this((record ?? throw new ArgumentNullException(nameof(record))).Id, application, opening, limits, markers, flight)
    {
        Gate = record.Gate;
        Damage = record.Damage;
        State = record.State;
        Requests = record.Requests;
        _takenRequests = record.Requests;
        Known = record.Known;
        _lastOrdinal = record.LastOrdinal;
        (_generation, IsResting) = (record.Generation, record.IsResting);
        foreach (var channel in record.Outgoing)
        {
            var outgoing = new OutgoingChannel<TMessage>(channel);
            outgoing.MakeDue(now);
            if (outgoing.UnacknowledgedFrames > 0) _unacknowledged.Add(outgoing);
            _outgoing.Restore(channel.Target, outgoing);
        }

        foreach (var channel in record.Incoming) _incoming.Restore(channel.Source, new IncomingChannel<TMessage>(channel));
        foreach (var recording in record.Recordings)
        {
            _recordings.Add(recording.Snapshot, new Recording<TState, TMessage>(recording, Epoch, Id));
        }
    }

    /// <summary>Who this is.</summary>
    public ProcessId Id { get; }

    /// <summary>The bounds that it keeps.</summary>
    public ProtocolLimits Limits { get; }

    /// <summary>The history that the process lives in; <c>default</c> until it has joined.</summary>
    public Epoch Epoch => Gate.Epoch;

    /// <summary>
    /// The epoch, and whether the process takes steps in it; closed, it delivers, acknowledges and records nothing.
    /// </summary>
    public Gate Gate { get; private set; }

    /// <summary>Whether the process takes steps: its gate is open, and nothing of it is lost.</summary>
    public bool IsOpen => Gate.IsOpen && Damage is null;

    /// <summary>Whether the process rests; it takes no step then, and is not asked to record.</summary>
    public bool IsResting { get; private set; }

    /// <summary>The present rest, or the last one.</summary>
    public RestMark RestMark => new(Epoch, _generation);

    /// <inheritdoc cref="ProcessRecord{TState, TMessage}.Damage"/>
    public string? Damage { get; private set; }

    /// <summary>The application's state.</summary>
    public TState State { get; private set; }

    /// <summary>The requests that were executed under keys, a part of the local state.</summary>
    public RequestMemory Requests { get; private set; } = RequestMemory.Empty;

    /// <summary>What the process knows of all snapshots.</summary>
    public SnapshotAnnouncement Known { get; private set; } = SnapshotAnnouncement.None;

    /// <summary>Whether the process has joined.</summary>
    public bool HasJoined => Epoch != default;

    /// <summary>
    /// Counts every change of what <see cref="ToRecord()"/> gives, from 0 for a process as it was made, of nothing or
    /// of a record: equal revisions, equal records.
    /// </summary>
    public long Revision { get; private set; }

    /// <summary>The snapshots that are recorded here and not known to have ended.</summary>
    public IReadOnlyCollection<SnapshotNumber> OpenRecordings => _recordings.Keys;

    /// <summary>Whether a snapshot is recorded here whose marker from that process has not come.</summary>
    public bool AwaitsMarker(SnapshotNumber snapshot, ProcessId source) =>
        _recordings.TryGetValue(snapshot, out var recording) && _incoming.TryGetValue(source, out _) && !recording.IsClosed(source);

    /// <summary>Whether frames wait for their acknowledgement.</summary>
    public bool HasUnacknowledgedFrames => _unacknowledged.Count > 0;

    /// <summary>
    /// Since when the channel that has waited longest has had frames under way without an acknowledgement; null if all
    /// are acknowledged. For metrics; no decision depends on it.
    /// </summary>
    public Instant? UnacknowledgedSince => _unacknowledged.Count == 0
        ? null
        : _unacknowledged.Min(channel => channel.UnacknowledgedSince);

    /// <summary>
    /// Whether anything is left that needs another process or the collector: frames, recordings or reports.
    /// </summary>
    public bool IsUnfinished => HasUnacknowledgedFrames || _recordings.Count > 0;

    /// <summary>What was seen since the process was made or restored.</summary>
    public ProcessCounters Counters { get; private set; }

    /// <summary>The earliest time at which <see cref="Resend"/> has something to do.</summary>
    public Instant? ResendAt
    {
        get
        {
            Instant? earliest = null;
            foreach (var channel in _unacknowledged)
            {
                if (earliest is null || channel.ResendAt < earliest) earliest = channel.ResendAt;
            }

            return earliest;
        }
    }

    /// <summary>
    /// Whether a caller may send one more message to that process; see <see cref="ProtocolLimits.Window"/>.
    /// </summary>
    public bool HasRoom(ProcessId target) =>
        !_outgoing.TryGetValue(target, out var channel) || channel.UnacknowledgedFrames < Limits.Window;

    /// <summary>Whether a caller may send that many more messages to that process in one step.</summary>
    public bool HasRoom(ProcessId target, int messages) =>
        messages <= Limits.Window - (_outgoing.TryGetValue(target, out var channel) ? channel.UnacknowledgedFrames : 0);

    /// <summary>
    /// The messages to a process that it has not acknowledged, in the order of sending: those that may be in transit.
    /// </summary>
    public IEnumerable<TMessage> UnacknowledgedTo(ProcessId target) =>
        _outgoing.TryGetValue(target, out var channel) ? channel.UnacknowledgedMessages : [];

    /// <summary>The numbers of the outgoing channel to a process, or none if there is no such channel.</summary>
    public OutgoingChannelRecord<TMessage>? OutgoingTo(ProcessId target) =>
        _outgoing.TryGetValue(target, out var channel) ? channel.ToRecord() : null;

    /// <summary>Whether the outgoing channel to a process is open.</summary>
    public bool HasChannelTo(ProcessId target) => _outgoing.TryGetValue(target, out _);

    /// <summary>The numbers of the incoming channel from a process, or none if there is no such channel.</summary>
    public IncomingChannelRecord? IncomingFrom(ProcessId source) =>
        _incoming.TryGetValue(source, out var channel) ? channel.ToRecord() : null;

    /// <summary>Frames held back on all incoming channels.</summary>
    public int HeldBackFrames => _incoming.Values.Sum(channel => channel.HeldBack);

    /// <summary>Whether inputs do anything.</summary>
    private bool IsActive => IsOpen && !IsResting;

    /// <summary>
    /// What a process that rests would report of any snapshot that it has not recorded; the number is left out.
    /// </summary>
    public LocalStateReport RestReport() => LocalOf(default);

    /// <summary>
    /// Every report that the collector has not accepted, by snapshot and then in the order in which they arose.
    /// </summary>
    public IEnumerable<Report> UnacceptedReports() =>
        _recordings.Values.SelectMany(recording => recording.UnacceptedReports(Limits.MaxRecordedMessages))
            .Select(Told);

    /// <summary>
    /// Returns all that has to be persisted. Parts that did not change since the last call are the same objects.
    /// </summary>
    public ProcessRecord<TState, TMessage> ToRecord() => new(
        Id,
        Epoch,
        State,
        Requests,
        Known,
        [.. _outgoing.Values.Select(channel => channel.ToRecord())],
        [.. _incoming.Values.Select(channel => channel.ToRecord())],
        [.. _recordings.Values.Select(recording => recording.ToRecord())])
    {
        LastOrdinal = _lastOrdinal,
        Restore = Gate.Restore,
        IsClosed = HasJoined && !Gate.IsOpen,
        Generation = _generation,
        IsResting = IsResting,
        Damage = Damage,
    };

    /// <summary>
    /// Returns the whole record, for a checkpoint, without the keys that have expired. What <see cref="TakeChange"/>
    /// returns next begins here.
    /// </summary>
    /// <param name="wallMs">The process's clock, in milliseconds since 1970.</param>
    public ProcessRecord<TState, TMessage> TakeRecord(long wallMs)
    {
        var requests = Requests.WithoutExpired(wallMs, Limits.Requests);
        if (!ReferenceEquals(requests, Requests)) Changed();
        _takenRequests = Requests = requests;
        foreach (var channel in _outgoing.TakeChanged()) channel.Taken();
        _incoming.TakeChanged();
        foreach (var recording in _recordings.Values) recording.Taken();
        return ToRecord();
    }

    /// <summary>
    /// Returns what has changed since the last call, or since the last <see cref="TakeRecord"/>, or since the process
    /// was made of a record: <see cref="ProcessReplay{TState, TMessage}"/> makes the present record of the earlier one
    /// and this. After a part of a restore, <see cref="TakeRecord"/> must be called first.
    /// </summary>
    public ProcessChange<TState, TMessage> TakeChange()
    {
        var taken = _takenRequests;
        _takenRequests = Requests;
        return new(
            Epoch,
            State,
            Requests.ChangesSince(taken),
            Known,
            [.. _outgoing.TakeChanged().Select(channel => channel.TakeChange())],
            [.. _incoming.TakeChanged().Select(channel => channel.ToRecord())],
            [.. _recordings.Values.Select(recording => recording.TakeChange(taken))])
        {
            LastOrdinal = _lastOrdinal,
            Restore = Gate.Restore,
            IsClosed = HasJoined && !Gate.IsOpen,
            Generation = _generation,
            IsResting = IsResting,
        };
    }
}
