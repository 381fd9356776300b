using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// One process with all that its host must do for it: registration, the pending-work registry, the journal, reports,
/// and what repeats until it is answered. It decides; the host only does the I/O that it asks for.
/// </summary>
/// <remarks>
/// <para>
/// Theory of operation. Step, persist, perform: an input changes the process in memory at once; <see cref="TakeWork"/>
/// takes the effects of all inputs since the last time together with what is to be written; only
/// <see cref="Completed"/> hands the effects out. So no frame, acknowledgement, report or answer shows a step that is
/// not durable. While a write is under way inputs go on; the next write takes all that came since. The shape is that of
/// etcd's raft (<c>Ready</c> and <c>Advance</c>).
/// </para>
/// <para>The order of work, one piece at a time:</para>
/// <code>
/// nothing stored      look up: registered and nothing stored is damage, not a newcomer
/// nothing stored      write an empty record, so that a registered process always has one
/// not registered      register; the newcomer records what is open before its first event
/// a part was applied  write a checkpoint: no entry tells what is gone
/// frames, no token    enlist in the pending-work registry, before the write that leaves work behind
/// anything changed    write: an entry, or a checkpoint where that is cheaper; then hand out
/// nothing changed     hand out: acknowledgements of duplicates, frames and reports that are repeated
/// closed, for a while ask the directory shard for its gate
/// rest is stored      tell the directory shard, until it answers
/// at rest, wanted     have the directory shard store that it is awake; be awake, and record what is open
/// </code>
/// <para>
/// A write that failed ends this incarnation: whether it took effect is not known. A fence is a write that changes
/// nothing. It proves that no other activation has written since this one read, and keeps an earlier one from writing
/// later. A fence is written for an input that is impossible, since a stale activation sees such inputs, for a wake-up
/// under a token that another incarnation made, and for the answer to a repeated request.
/// </para>
/// <para>
/// Restores. A process that is closed in memory or in its record takes no step and answers no read. An order or a part
/// is confirmed once <see cref="DurableGate"/> has reached its gate. A read needs a gate that is open in memory, and
/// durable in the same epoch: (1) a part is applied and not stored; (2) a read is answered out of the old record; its
/// reader may have seen the new epoch elsewhere.
/// </para>
/// <para>
/// Rest. A process that has had nothing to do for a while stores that it rests, and only then tells its directory shard,
/// which answers snapshots for it. It takes no step until the shard has stored that it is awake, and has asked, after
/// that, which snapshots are open: each of them has either got what the shard knew of the process, or is recorded in the
/// step in which the process is awake. What the shard answers counts only while memory and journal both have that rest.
/// </para>
/// <para>Not safe for concurrent use.</para>
/// </remarks>
/// <typeparam name="TState">The application's state of one process; immutable.</typeparam>
/// <typeparam name="TMessage">What the application sends; immutable.</typeparam>
public sealed class Participant<TState, TMessage>
{
    private readonly IProcess<TState, TMessage> _process;
    private readonly ParticipantOptions _options;
    private readonly ReportRepeater _reports;
    private readonly WorkRegistration _registration;
    private readonly JournalSize _size;
    private ParticipantWork? _work;
    private bool _wantsToJoin;
    private bool _isUnknown;
    private bool _writeNow;
    private bool _isLeaving;
    private bool _keepsToken;
    private bool _mustReplace;
    private bool _mustAsk;
    private int _asks;
    private Instant? _askAt;
    private RestMark? _told;
    private bool _mustTell;
    private int _tells;
    private Instant? _tellAt;
    private bool _staysAwake;
    private long _fences;
    private Instant _lookedAt;

    /// <summary>
    /// When what may be forgotten is to be written, unless a step is written before; none when all is written.
    /// </summary>
    private Instant? _writeBy;

    /// <summary>Makes a participant of what is stored of its process.</summary>
    /// <param name="id">The process.</param>
    /// <param name="application">What it runs.</param>
    /// <param name="opening">Which channels come into being when two processes meet.</param>
    /// <param name="limits">The bounds of the process.</param>
    /// <param name="options">The times and sizes of the participant.</param>
    /// <param name="incarnation">A number that no other life of the process has.</param>
    /// <param name="stored">What the journal has; none if it has nothing.</param>
    /// <param name="now">The time.</param>
    /// <param name="flight">Keeps the last events of the process; none if nobody looks at them.</param>
    /// <exception cref="ArgumentException">A limit is not usable, or the process has no name.</exception>
    public Participant(
        ProcessId id,
        IApplication<TState, TMessage> application,
        ChannelOpening opening,
        ProtocolLimits limits,
        ParticipantOptions options,
        Incarnation incarnation,
        StoredProcess<TState, TMessage>? stored,
        Instant now,
        FlightRecorder? flight = null)
        : this(
            stored is null
                ? new Process<TState, TMessage>(id, application, opening, limits, MarkersOf(options), flight)
                : new Process<TState, TMessage>(stored.Record, application, opening, limits, now, MarkersOf(options), flight),
            options,
            incarnation,
            stored?.Size,
            now)
    {
    }

    internal Participant(
        IProcess<TState, TMessage> process, ParticipantOptions options, Incarnation incarnation, StoredSize? stored, Instant now)
    {
        ArgumentNullException.ThrowIfNull(options);
        _process = process;
        _options = options;
        _reports = new(options.ReportPause);
        _registration = new(incarnation, isInherited: process.HasUnacknowledgedFrames, options.RestMs);
        _size = new(options, stored);
        DurableState = process.State;
        DurableRevision = process.Revision;
        DurableGate = process.Gate;
        _lookedAt = now;
        AskWhileClosed(now);
        if (process.IsResting) _tellAt = now; // Whether the shard has answered an earlier incarnation is not known.
        Settle(now);
        if (process.HasUnacknowledgedFrames || process.OpenRecordings.Count > 0)
        {
            _reports.RepeatNow();
            _writeBy = now;
        }
    }

    /// <summary>The process.</summary>
    public ProcessId Id => _process.Id;

    /// <summary>The application's state in memory: what the next step sees.</summary>
    public TState State => _process.State;

    /// <summary>The application's state as it is stored: what a reader may see.</summary>
    public TState DurableState { get; private set; }

    /// <summary>Whether the process is registered and has joined an epoch.</summary>
    public bool HasJoined => _process.HasJoined;

    /// <summary>Whether something is stored of the process; it may be registered before this activation knows.</summary>
    public bool IsStored => _size.IsStored;

    /// <summary>Whether the outgoing channel to a process is open.</summary>
    public bool HasChannelTo(ProcessId target) => _process.HasChannelTo(target);

    /// <summary>Whether the process takes steps: it has joined and is not closed for a restore.</summary>
    public bool IsOpen => _process.Gate.IsOpen && _process.Damage is null;

    /// <summary>Whether the process rests.</summary>
    public bool IsResting => _process.IsResting;

    /// <summary>Whether a step can be made at once: it has joined, is open, and does not rest.</summary>
    public bool IsReady => HasJoined && IsOpen && !IsResting;

    /// <summary>The epoch that the process lives in, in memory.</summary>
    public Epoch Epoch => _process.Epoch;

    /// <summary>The gate as it is stored.</summary>
    public Gate DurableGate { get; private set; }

    /// <summary>Whether <see cref="DurableState"/> may be shown.</summary>
    public bool MayRead => IsOpen && DurableGate.IsOpen && DurableGate.Epoch == Epoch;

    /// <summary>What was lost of the process, while it waits for its part of a restore; none of a sound process.</summary>
    public string? Damage => _process.Damage;

    /// <summary>
    /// Counts every change. What a caller has changed, or has seen in <see cref="State"/>, is durable with this
    /// revision.
    /// </summary>
    public long Revision => _process.Revision + _fences;

    /// <summary>The revision up to which all is durable.</summary>
    public long DurableRevision { get; private set; }

    /// <summary>Why this incarnation is over; none while it goes on. The next one starts from what is stored.</summary>
    public string? Failure { get; private set; }

    /// <summary>
    /// Whether it is over because acknowledged writes of the process are missing from the storage: no retry will help.
    /// </summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The snapshots that are recorded here and not known to have ended.</summary>
    public IReadOnlyCollection<SnapshotNumber> OpenRecordings => _process.OpenRecordings;

    /// <summary>Whether a snapshot is recorded here whose marker from that process has not come.</summary>
    public bool AwaitsMarker(SnapshotNumber snapshot, ProcessId source) => _process.AwaitsMarker(snapshot, source);

    /// <summary>
    /// Whether frames wait for their acknowledgement: after this incarnation, the process is to be woken.
    /// </summary>
    public bool HasUnacknowledgedFrames => _process.HasUnacknowledgedFrames;

    /// <summary>
    /// Since when the channel that has waited longest has had no acknowledgement; null if it waits for none.
    /// </summary>
    public Instant? UnacknowledgedSince => _process.UnacknowledgedSince;

    /// <summary>What was seen since the process was made or restored.</summary>
    public ProcessCounters Counters => _process.Counters;

    /// <summary>
    /// The time at which <see cref="Tick"/> is next useful; none while nothing is to happen by itself.
    /// </summary>
    public Instant? DueAt
    {
        get
        {
            if (Failure is not null || _isLeaving || !HasJoined) return null;
            Instant? due = _askAt;
            if (!IsOpen) return Earlier(due, _writeBy);
            if (_process.HasUnacknowledgedFrames) due = Earlier(due, _lookedAt.After(_options.TickMs));
            else if (_process.OpenRecordings.Count > 0) due = Earlier(due, _lookedAt.After(_options.KeepAliveMs));
            due = Earlier(due, _reports.RepeatAt);
            due = Earlier(due, _writeBy);
            due = Earlier(due, RestAt);
            due = Earlier(due, _tellAt);
            return Earlier(due, _registration.ReleaseAt);
        }
    }

    /// <summary>Whether <see cref="TakeWork"/> may have something: it says so without taking it.</summary>
    public bool HasWorkToTake =>
        Failure is null && _work is null && (HasJoined ? _writeNow || _mustAsk || HasRestToTell : _wantsToJoin && !_isLeaving);

    /// <summary>Every report that got no receipt.</summary>
    public IEnumerable<Report> UnacceptedReports() => _process.UnacceptedReports();

    /// <summary>When it may rest; none while something is to do, or it never rests.</summary>
    private Instant? RestAt => _options.RestAfterMs is { } pause && IsReady && !_staysAwake ? _registration.FreeSince?.After(pause) : null;

    /// <summary>Whether the directory shard is to be told of its rest, or of the end of that.</summary>
    private bool HasRestToTell => IsResting && IsOpen && Revision == DurableRevision && (_mustTell || (_wantsToJoin && !_isLeaving));

    private string Lost => $"{Id} is registered, and nothing is stored of it: its state is lost";

    /// <summary>Whether frames or unwritten changes are left: what a token in the registry is for.</summary>
    private bool HasWork => _process.HasUnacknowledgedFrames || Revision != DurableRevision;

    /// <summary>
    /// Whether all messages of a reaction have room in their channels. More messages to one process than a window holds
    /// never have room: they are left for the step to refuse.
    /// </summary>
    public bool HasRoom(Reaction<TState, TMessage>? reaction) => reaction is null || reaction.Messages.Length switch
    {
        0 => true,
        1 => _process.HasRoom(reaction.Messages[0].Target, 1),
        _ => reaction.Messages.CountBy(outgoing => outgoing.Target).All(target =>
            target.Value > _process.Limits.Window || _process.HasRoom(target.Key, target.Value)),
    };

    /// <summary>
    /// The process is to be registered, if it is not, and awake: a caller, a frame or an ask has come to it.
    /// </summary>
    public void RequestJoin() => _wantsToJoin |= !HasJoined || IsResting;

    /// <summary>A step of the application.</summary>
    /// <inheritdoc cref="Process{TState, TMessage}.Apply(Reaction{TState, TMessage}, Instant)" path="/exception"/>
    public void Apply(Reaction<TState, TMessage> reaction, Instant now)
    {
        _process.Apply(reaction, now);
        WriteNow(now);
    }

    /// <summary>
    /// A step of the application that answers a request under a key; its outcome is remembered with it.
    /// </summary>
    /// <inheritdoc cref="Process{TState, TMessage}.Apply(Reaction{TState, TMessage}, KeyedRequest, Instant)"/>
    public void Apply(Reaction<TState, TMessage>? reaction, KeyedRequest request, Instant now)
    {
        _process.Apply(reaction, request, now);
        WriteNow(now);
    }

    /// <inheritdoc cref="Process{TState, TMessage}.Find(RequestKey, ulong, long, out ImmutableArray{byte})"/>
    /// <remarks>What it says is durable with the present <see cref="Revision"/>.</remarks>
    public KeyStanding Find(RequestKey key, ulong fingerprint, long wallMs, out ImmutableArray<byte> outcome) =>
        _process.Find(key, fingerprint, wallMs, out outcome);

    /// <inheritdoc cref="Process{TState, TMessage}.Find(RequestKey, long, out ImmutableArray{byte})"/>
    /// <remarks>What it says is durable with the present <see cref="Revision"/>.</remarks>
    public KeyStanding Find(RequestKey key, long wallMs, out ImmutableArray<byte> outcome) =>
        _process.Find(key, wallMs, out outcome);

    /// <inheritdoc cref="Process{TState, TMessage}.UnacknowledgedTo"/>
    public IEnumerable<TMessage> UnacknowledgedTo(ProcessId target) => _process.UnacknowledgedTo(target);

    /// <summary>Opens the outgoing channel to a process, without a message.</summary>
    /// <inheritdoc cref="Process{TState, TMessage}.OpenChannel" path="/exception"/>
    public void OpenChannel(ProcessId target, Instant now)
    {
        _process.OpenChannel(target, now);
        WriteNow(now);
    }

    /// <summary>A frame from the network.</summary>
    /// <inheritdoc cref="Process{TState, TMessage}.Receive(Frame{TMessage}, Instant)" path="/exception"/>
    public void Receive(Frame<TMessage> frame, Instant now)
    {
        try
        {
            _process.Receive(frame, now);
        }
        finally
        {
            WriteNow(now); // Also when the handler throws: the frames before it were taken.
        }
    }

    /// <summary>
    /// An acknowledgement from the network. To forget one costs no more than a resend, so it waits for company, unless
    /// it makes the process record.
    /// </summary>
    /// <inheritdoc cref="Process{TState, TMessage}.Receive(Acknowledgement, Instant)" path="/exception"/>
    public void Receive(Acknowledgement acknowledgement, Instant now)
    {
        var recordings = _process.OpenRecordings.Count;
        _process.Receive(acknowledgement, now);
        if (_process.OpenRecordings.Count > recordings) WriteNow(now);
        else WriteLater(now);
    }

    /// <summary>Another process lives in that epoch.</summary>
    /// <inheritdoc cref="Process{TState, TMessage}.Receive(EpochNotice)" path="/exception"/>
    public void Receive(EpochNotice notice, Instant now)
    {
        _process.Receive(notice);
        WriteNow(now);
    }

    /// <summary>
    /// Records a snapshot, as one of its initiators; or repeats what was reported of it some time ago and got no
    /// receipt, since a collection that asks may have lost it. An ask of an earlier epoch is not obeyed: its collection
    /// has ended with its epoch. One of a later epoch is fenced: before that began, the process was durably closed in
    /// its own, so one that is open there is stale, and would keep every ask from the process.
    /// </summary>
    /// <inheritdoc cref="Process{TState, TMessage}.Initiate" path="/exception"/>
    public void Ask(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement, Instant now)
    {
        if (epoch > _process.Epoch && HasJoined) Fence(now);
        if (epoch != _process.Epoch) return;
        _process.Learn(announcement);
        var isReported = _process.UnacceptedReports().Any(report => report.Snapshot == snapshot);
        if (isReported && _reports.MayRepeat(now)) _reports.RepeatNow();
        _process.Initiate(snapshot, now);
        WriteNow(now);
    }

    /// <summary>Which snapshots are open. To forget it costs no more than to be told again.</summary>
    public void Learn(SnapshotAnnouncement announcement, Instant now)
    {
        if (!HasJoined) return; // It has recorded nothing, and is told when it joins.
        _process.Learn(announcement);
        RestIfAllReportsAreAccepted();
        WriteLater(now);
    }

    /// <summary>
    /// Closes the process for a restore, or opens it again after an abort; see <see cref="Process{TState,
    /// TMessage}.Obey"/>. To be confirmed once the present <see cref="Revision"/> is durable, if <see
    /// cref="DurableGate"/> is the gate or a later one then.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A gate of a newer epoch asks for a fence: (1) another activation applies the part of the process; (2) this one is
    /// stale, and would wait for that part for ever.
    /// </para>
    /// <para>
    /// Only registered processes are told to close, so one of which nothing is stored is damaged, although nothing has
    /// asked the directory yet. Otherwise it would open as a newcomer when the restore is aborted.
    /// </para>
    /// </remarks>
    public void Obey(Gate gate, string? damage, Instant now)
    {
        if (_process.Obey(gate, damage ?? (HasJoined || IsStored ? null : Lost)))
        {
            _asks = 0;
            AskWhileClosed(now);
            WriteNow(now);
        }
        else if (HasJoined && gate.Epoch > Epoch)
        {
            Fence(now);
        }
    }

    /// <summary>
    /// Applies the process's part of a committed restore; see <see cref="Process{TState, TMessage}.Restore"/>. To be
    /// confirmed as an order is.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="damage">What was lost of the process; none of a sound one.</param>
    /// <param name="now">The time.</param>
    /// <remarks>
    /// A process that is damaged, and has not stored that it is closed, takes the gate of its part and stays damaged
    /// until the next restore: (1) it applies its part, opens and answers; (2) its journal is damaged; (3) the part comes
    /// again. What it has answered would be gone without a word. One that had to close and finds nothing stored has lost
    /// it, with no more of a trace: it may have applied its part, too.
    /// </remarks>
    public void Restore(RestorePart<TState, TMessage> part, string? damage, Instant now)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (!HasJoined && (damage ?? (part.WasClosed ? Lost : null)) is { } lost)
        {
            Obey(part.Gate, lost, now);
            return;
        }

        if (!_process.Restore(part, now)) return;
        (_mustReplace, _wantsToJoin, _mustTell, _tellAt) = (true, false, false, null);
        _reports.Rest();
        AskWhileClosed(now);
        WriteNow(now);
    }

    /// <summary>The collection has stored these reports. To forget it costs no more than to report again.</summary>
    public void Accept(IReadOnlySet<ReportKey> receipts, Instant now)
    {
        foreach (var report in _process.UnacceptedReports().Where(report => receipts.Contains(report.Key)).ToList()) _process.Accept(report);
        RestIfAllReportsAreAccepted();
        WriteLater(now);
    }

    /// <summary>
    /// The process was found in the pending-work registry under that token, or is woken without one after a write that
    /// failed. Says whether it has work; null before a fence is written: then ask again once the present
    /// <see cref="Revision"/> is durable.
    /// </summary>
    /// <remarks>
    /// The token of another incarnation asks for a fence: (1) that one enlists; (2) its silo is cut off, and this one
    /// is woken, and has nothing to do; (3) the token is released; (4) the first one writes what it enlisted for, and
    /// is gone for good. No one would look for that work.
    /// </remarks>
    public bool? Wake(WorkToken? token, bool isFenced, Instant now)
    {
        if (HasWork && HasJoined) return true;
        if (!isFenced && !_registration.Has(token))
        {
            if (!HasJoined) RequestJoin(); // One that rests need not be awake to be fenced.
            Fence(now);
            return null;
        }

        // Also its own token, if that is another one: the given one took its place in the registry, and is removed now.
        if (token is not null) _registration.Forget();
        return false;
    }

    /// <summary>
    /// What is in memory is to be told, and nothing of it is new: it is fenced, so that it is told once the present
    /// <see cref="Revision"/> is durable, and never by a stale activation. (1) A second activation reads; (2) the first
    /// one closes, and a restore is committed; (3) the second one would answer a repeated request out of the history
    /// that is discarded.
    /// </summary>
    public void Fence(Instant now)
    {
        _fences++;
        WriteNow(now);
    }

    /// <summary>What has changed in memory is to be made durable now: a caller has seen it.</summary>
    public void RequireDurable(Instant now)
    {
        if (Revision != DurableRevision) WriteNow(now);
    }

    /// <summary>
    /// The host deactivates the process. What is unwritten is written, with a checkpoint where that makes the next
    /// activation quicker, and a token that is not needed is released, unless the silo stops and sends nothing new.
    /// </summary>
    public void Leave(bool siloStops, Instant now)
    {
        _isLeaving = true;
        _keepsToken = siloStops;
        if (!siloStops && RestAt is not null) Rest(now);
        var releases = !siloStops && _registration.Token is not null && !_process.HasUnacknowledgedFrames;
        if (Revision != DurableRevision || _size.IsWorthCheckpointOnLeave || releases) WriteNow(now);
    }

    /// <summary>
    /// Lets time pass: sends again what is due, repeats reports, writes what has waited, releases the token of an idle
    /// process.
    /// </summary>
    public void Tick(Instant now)
    {
        if (Failure is not null || !HasJoined) return;
        if (_askAt <= now) (_mustAsk, _askAt) = (true, null); // It may have to wait for a write.
        if (_tellAt <= now) (_mustTell, _tellAt) = (true, null);
        _lookedAt = now;
        if (RestAt <= now) Rest(now);
        var resent = _process.Counters.Resent;
        _process.Resend(now);
        var isDue = _reports.Tick(now) | _registration.Tick(now) | _writeBy <= now;
        if (_writeBy <= now) _writeBy = null;
        if (isDue || _process.Counters.Resent > resent) _writeNow = true;
        Settle(now);
    }

    /// <summary>Takes the next piece of work. None while one is under way, or when there is nothing to do.</summary>
    /// <param name="now">The time.</param>
    /// <param name="wallMs">
    /// The process's clock, in milliseconds since 1970: a checkpoint is without the keys that have expired by then. At
    /// 0, none has expired.
    /// </param>
    public ParticipantWork? TakeWork(Instant now, long wallMs = 0)
    {
        if (!HasWorkToTake) return null;
        if (!HasJoined)
        {
            return _work = _size.IsStored ? new RegisterWork() : _isUnknown ? Write(Handout<TMessage>.Nothing, isCheckpoint: true, wallMs) : new LookUpWork();
        }

        if (_registration.TakeToken(_process.HasUnacknowledgedFrames) is { } token) return _work = new EnlistWork(token);
        if (!_writeNow) return TakeQuestion(now);
        _writeNow = false;
        var effects = _process.TakeEffects();
        var reports = _reports.Take(effects.Reports, _process.UnacceptedReports, now);
        var handout = new Handout<TMessage>(effects, reports, _registration.TakeRelease(_isLeaving && !_keepsToken && !_process.HasUnacknowledgedFrames));
        var isChanged = Revision != DurableRevision || !effects.Faults.IsEmpty; // An impossible input is first taken for a stale activation.
        var isCheckpoint = isChanged ? _mustReplace || _size.IsWorthCheckpoint : _isLeaving && _size.IsWorthCheckpointOnLeave;
        if (!isChanged && !isCheckpoint && handout.IsEmpty) return TakeQuestion(now);
        return _work = isChanged || isCheckpoint
            ? Write(handout, isCheckpoint || (_isLeaving && _size.IsWorthCheckpointOnLeave), wallMs)
            : new WriteWork<TState, TMessage>(null, null, DurableState, DurableState) { Handout = handout, Revision = DurableRevision, Gate = DurableGate };
    }

    /// <summary>The answer to <see cref="LookUpWork"/>.</summary>
    /// <param name="isRegistered">Whether the directory knows the process.</param>
    /// <param name="isStored">Whether the journal has something of it, read after the directory's answer.</param>
    public void LookedUp(bool isRegistered, bool isStored)
    {
        RequireWork<LookUpWork>();
        _work = null;
        if (HasJoined) return; // It was told to close meanwhile, or got its part.
        _isUnknown = !isRegistered;
        if (!isRegistered) return;
        IsDamaged = !isStored;
        Failure = IsDamaged
            ? Lost
            : "stale activation: another one has stored the process meanwhile";
    }

    /// <summary>
    /// The answer to <see cref="RegisterWork"/>: the epoch to live in, and the snapshots that are open.
    /// </summary>
    /// <inheritdoc cref="Process{TState, TMessage}.Join" path="/exception"/>
    public void Registered(Epoch epoch, SnapshotAnnouncement announcement, Instant now)
    {
        RequireWork<RegisterWork>();
        _work = null;
        _wantsToJoin = false;
        if (HasJoined) return; // It was told to close meanwhile, or got its part.
        _process.Join(epoch, _options.RecordsWhatIsOpen ? announcement : SnapshotAnnouncement.None, now);
        _process.Learn(announcement);
        WriteNow(now);
    }

    /// <summary>
    /// The answer to <see cref="AskGateWork"/>: the gate that the directory shard has stored. One of a newer epoch is not
    /// obeyed, by a damaged process either: its part is on the way, and it would take itself to have it.
    /// </summary>
    public void Answered(Gate gate, Instant now)
    {
        RequireWork<AskGateWork>();
        _work = null;
        if (gate.Epoch > Epoch) Fence(now);
        else Obey(gate, damage: null, now);
    }

    /// <summary>
    /// The answer to <see cref="RestWork"/>: the shard has stored it, or knows that the process was awake after that.
    /// </summary>
    /// <param name="isKept">
    /// False if the report is too large for the shard, which was not told: the process is asked like any other, and this
    /// incarnation does not rest again.
    /// </param>
    public void Told(bool isKept = true)
    {
        _staysAwake |= !isKept;
        _told = RequireWork<RestWork>().Mark;
        (_work, _tellAt, _tells) = (null, null, 0);
    }

    /// <summary>
    /// The answer to <see cref="AwakeWork"/>: what the index said was open after the shard had stored it.
    /// </summary>
    /// <inheritdoc cref="Process{TState, TMessage}.Awake" path="/exception"/>
    public void Awoken(SnapshotAnnouncement announcement, Instant now)
    {
        var work = RequireWork<AwakeWork>();
        (_work, _wantsToJoin, _tellAt) = (null, false, null);
        _process.Awake(work.Mark, announcement, now);
        WriteNow(now);
    }

    /// <summary>The registry has stored the token of <see cref="EnlistWork"/>.</summary>
    public void Enlisted()
    {
        var work = RequireWork<EnlistWork>();
        _work = null;
        _registration.Hold(work.Token);
    }

    /// <summary>A write has taken effect, or there was nothing to write: what may now be performed.</summary>
    /// <param name="work">The work.</param>
    /// <param name="bytes">The bytes of the checkpoint or entry that was written.</param>
    /// <param name="now">The time.</param>
    public Handout<TMessage> Completed(WriteWork<TState, TMessage> work, int bytes, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!ReferenceEquals(_work, work)) throw new InvalidOperationException($"{Id} has other work under way");
        _work = null;
        if (work.Checkpoint is not null) _size.Replaced(bytes);
        else if (work.Entry is not null) _size.Appended(bytes);
        DurableRevision = work.Revision;
        DurableState = work.State;
        DurableGate = work.Gate;
        if (Revision == DurableRevision) _writeBy = null;
        _mustTell |= IsResting && _told != _process.RestMark && _tellAt is null;
        Settle(now);
        return work.Handout;
    }

    /// <summary>
    /// The work under way has failed, or it is not known whether it took effect. A directory that could not be reached
    /// is asked again by the next caller; any other failure ends this incarnation. One that rests and may not be awake
    /// writes a fence: it may be stale, in an epoch that is over, and would keep every caller and frame from the process.
    /// </summary>
    public void Failed(string reason)
    {
        if (_work is AwakeWork) (_fences, _writeNow) = (_fences + 1, true);
        var isTold = _work is RestWork; // A caller may wait to be let in after it.
        var isAsk = isTold || _work is LookUpWork or RegisterWork or AskGateWork or AwakeWork;
        _work = null;
        if (isAsk) _wantsToJoin &= isTold;
        else Failure ??= reason;
    }

    private static MarkerPolicy MarkersOf(ParticipantOptions options) =>
        (options ?? throw new ArgumentNullException(nameof(options))).Markers;

    private WriteWork<TState, TMessage> Write(Handout<TMessage> handout, bool isCheckpoint, long wallMs)
    {
        _mustReplace &= !isCheckpoint;
        return new(
            isCheckpoint ? _process.TakeRecord(wallMs) : null,
            isCheckpoint ? null : _process.TakeChange(),
            DurableState,
            _process.State)
        {
            Handout = handout,
            Revision = Revision,
            Gate = _process.Gate,
        };
    }

    private ParticipantWork? TakeQuestion(Instant now)
    {
        if (_mustAsk) return AskGate(now);
        if (!HasRestToTell) return null;
        if (_wantsToJoin && !_isLeaving)
        {
            _work = new AwakeWork(_process.RestMark);
            return _work;
        }

        (_mustTell, _tellAt) = (false, now.After(_options.GatePause.PauseMs(_tells++)));
        _work = new RestWork(_process.RestMark, _process.RestReport());
        return _work;
    }

    private void Rest(Instant now)
    {
        _process.Rest();
        WriteNow(now);
    }

    /// <summary>A closed process asks its shard now and then: what it was told at its end may be lost.</summary>
    private AskGateWork AskGate(Instant now)
    {
        _asks++;
        AskWhileClosed(now);
        var work = new AskGateWork();
        _work = work;
        return work;
    }

    private void AskWhileClosed(Instant now) =>
        (_mustAsk, _askAt) = (false, HasJoined && !_process.Gate.IsOpen ? now.After(_options.GatePause.PauseMs(_asks)) : null);

    private TWork RequireWork<TWork>()
        where TWork : ParticipantWork =>
        _work as TWork ?? throw new InvalidOperationException($"{Id} has no {typeof(TWork).Name} under way");

    private void WriteNow(Instant now)
    {
        _writeNow = true;
        Settle(now);
    }

    private void WriteLater(Instant now)
    {
        Settle(now);
        if (Revision == DurableRevision) return;
        var by = now.After(_process.OpenRecordings.Count > 0 ? _options.KeepAliveMs : _options.LazyWriteMs);
        _writeBy = Earlier(_writeBy, by);
    }

    /// <summary>Notes since when nothing is left to do.</summary>
    private void Settle(Instant now) => _registration.Settle(isIdle: !HasWork && _process.OpenRecordings.Count == 0, now);

    private void RestIfAllReportsAreAccepted()
    {
        if (!_process.UnacceptedReports().Any()) _reports.Rest();
    }

    private static Instant? Earlier(Instant? left, Instant? right) => right is null || left <= right ? left : right;
}
