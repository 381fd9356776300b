using System.Globalization;

namespace Snapshots.Protocol;

/// <summary>
/// Leads the collection of one snapshot: it follows its parts, has a process asked to record first, has the parts
/// exchange their counts, and ends the snapshot. It is completed when the certificate holds over all parts, and aborted
/// by a person, by its timeout or by a recording that outgrew its limit.
/// </summary>
/// <remarks>
/// <para>Crash safety: the summary is stored before anything is done, and the end before it is told. At every step a
/// life that starts from what is stored goes on from there.</para>
/// <para>Time: the timeout is measured by the clock of the host that runs the collector, never by comparing clocks. How
/// long it has run is stored every eighth of the timeout. A life that starts from a record assumes that the one before
/// ran an eighth longer than it stored, and stores that first. So no number of restarts keeps a snapshot open for ever;
/// time without a host does not count.</para>
/// <para>A write that fails ends the machine; the next one starts from what is stored. Not safe for concurrent
/// use.</para>
/// </remarks>
public sealed class Collector : IStateMachine<CollectorWork>
{
    private const int ElapsedSteps = 8;

    private readonly SnapshotNumber _snapshot;
    private readonly Partition _partition;
    private readonly CollectionPace _pace;
    private readonly CollectorPart[] _parts;
    private readonly long _wallMs;
    private readonly Queue<CollectorWork> _calls = new();
    private CollectorRecord? _stored;
    private SnapshotSummary? _starting;
    private Instant _startedAt;
    private long _elapsedBefore;
    private long _elapsedStored;
    private bool _mustWrite;
    private string? _abortReason;
    private Ending? _ending;
    private bool _hasAskedInitiator;
    private Instant? _resolveAt;
    private ProcessId _initiator;
    private bool _mustTell;
    private int _failedTells;
    private Instant _tellAt;
    private bool _isDeleting;
    private int _partsToDelete;
    private CollectorWork? _writing;

    /// <summary>Starts a life.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="partition">How processes are split.</param>
    /// <param name="stored">What is stored; none if the collection was never started, or is deleted.</param>
    /// <param name="pace">The pauses.</param>
    /// <param name="now">The time.</param>
    /// <param name="wallMs">The wall time, in milliseconds since 1970: the end is shown with it.</param>
    public Collector(
        SnapshotNumber snapshot, Partition partition, CollectorRecord? stored, CollectionPace pace, Instant now, long wallMs)
    {
        _wallMs = wallMs - now.Milliseconds;
        (_snapshot, _partition, _stored, _pace, _startedAt) = (snapshot, partition, stored, pace, now);
        _parts = [.. Enumerable.Range(0, partition.Count).Select(part => new CollectorPart(part, pace))];
        if (stored is null) return;
        _initiator = stored.Summary.Initiator;
        _elapsedBefore = _elapsedStored = stored.ElapsedMs + (TimeoutMs / ElapsedSteps);
        _mustWrite = IsRunning;
    }

    /// <summary>
    /// The snapshot, as it is durable, and how far it is; none if it was never started, or is deleted.
    /// </summary>
    public SnapshotView? View => _stored is not { Summary: var summary } stored ? null : new(
        summary.Status == SnapshotStatus.Running ? summary with { Initiator = _initiator } : summary,
        stored.LastProgress ?? (Standings is { } standings ? CollectionRuling.Sum(standings) : new(0, 0, 0, 0, [])));

    /// <inheritdoc/>
    public long Revision { get; private set; }

    /// <inheritdoc/>
    public long DurableRevision { get; private set; }

    /// <summary>Whether a write or a deletion has failed, or all is deleted, or nothing is to be started.</summary>
    public bool IsOver { get; private set; }

    /// <inheritdoc/>
    public Instant? DueAt
    {
        get
        {
            if (IsOver || _isDeleting || _stored is null || _ending is not null) return null;
            if (!IsRunning) return _mustTell ? _tellAt : null;
            var due = _startedAt.After(Math.Min(TimeoutMs, NextElapsedMs) - _elapsedBefore);
            var pauses = _parts.Select(part => part.FollowAt)
                .Concat(Ruling is { MustExchange: true } ? _parts.Select(part => part.ExchangeAt(Standings!)) : []);
            if (_resolveAt is { } resolveAt && resolveAt < due) due = resolveAt;
            return pauses.Aggregate(due, (first, pause) => pause < first ? pause.Value : first);
        }
    }

    private bool IsRunning => _stored is { Summary.Status: SnapshotStatus.Running };

    private long TimeoutMs => (long)Math.Ceiling(_stored!.Summary.Timeout.TotalMilliseconds);

    /// <summary>How long it will have run when that is stored next.</summary>
    private long NextElapsedMs => _elapsedStored + Math.Max(TimeoutMs / ElapsedSteps, _pace.MinElapsedStepMs);

    /// <summary>How all parts stand; none until all have been heard of.</summary>
    private PartStanding[]? Standings { get; set; }

    private CollectionRuling? Ruling { get; set; }

    /// <summary>
    /// Starts the collection unless it is started; one that has ended tells its end again. It need not be durable to be
    /// answered: the index calls until it hears of the end.
    /// </summary>
    public void Start(SnapshotSummary summary, Instant now)
    {
        ArgumentNullException.ThrowIfNull(summary);
        RequireLife();
        if (_stored is { } stored)
        {
            if (stored.Summary.Status != SnapshotStatus.Running && !_mustTell && !_isDeleting) (_mustTell, _tellAt) = (true, now);
            return;
        }

        if (_starting is not null) return;
        _starting = summary;
        _calls.Enqueue(new CollectorWork.Look());
    }

    /// <summary>What the index said when it was asked at the start.</summary>
    public void Looked(SnapshotAnnouncement announcement)
    {
        ArgumentNullException.ThrowIfNull(announcement);

        // (1) The index has called; (2) the snapshot has ended and is deleted; (3) the call arrives. Nothing may begin
        // again.
        if (announcement.HasEnded(_snapshot)) (IsOver, DurableRevision) = (true, Revision);
        else _mustWrite = true;
    }

    /// <summary>Aborts the snapshot, if it still runs.</summary>
    public void Abort(string reason, Instant now)
    {
        RequireLife();
        if (_stored is not null && (!IsRunning || _isDeleting)) return;
        _abortReason ??= reason;
        Revision++;
        Evaluate(now);
    }

    /// <summary>
    /// Deletes all that is stored of an ended snapshot; done when the revision after it is durable. False while it
    /// runs.
    /// </summary>
    public bool Delete()
    {
        RequireLife();
        if (IsRunning || _starting is not null) return false;
        Revision++;
        if (_isDeleting) return true;
        _isDeleting = true;
        _mustTell = false;
        _partsToDelete = _parts.Length;
        _calls.Clear();
        for (var part = 0; part < _parts.Length; part++) _calls.Enqueue(new CollectorWork.DeletePart(part));
        return true;
    }

    /// <inheritdoc/>
    public CollectorWork? TakeWork(Instant now)
    {
        if (IsOver) return null;
        Evaluate(now);
        if (_writing is null && NextWrite(now) is { } write) return _writing = write;
        if (_calls.TryDequeue(out var call)) return call;
        if (_isDeleting || _stored is not { } stored) return null;
        if (!IsRunning)
        {
            if (!_mustTell || now < _tellAt) return null;
            _mustTell = false;
            return new CollectorWork.Tell(stored.Summary);
        }

        return _ending is null ? NextCall(stored.Summary, now) : null;
    }

    /// <summary>A part has news.</summary>
    public void Followed(CollectorWork work, PartView view, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(view);
        var part = Answered(work);
        part.Keep(view);
        if (Array.TrueForAll(_parts, each => each.View is not null))
        {
            Standings = Array.ConvertAll(_parts, each => each.View!.Standing);
            if (_initiator == default) _initiator = Standings.Where(part => part.First != default).Select(part => part.First).Order().FirstOrDefault();
            Ruling = CollectionRuling.Of(Standings);
            _resolveAt = Ruling.MustResolve ? _resolveAt ?? now.After(_pace.ResolveMs) : null;
        }

        Evaluate(now);
    }

    /// <summary>A piece of work is done that has no answer.</summary>
    public void Completed(CollectorWork work, Instant now)
    {
        switch (work)
        {
            case CollectorWork.Write write:
                Written(write.Record, now);
                break;
            case CollectorWork.Tell:
                for (var part = 0; part < _parts.Length; part++) _calls.Enqueue(new CollectorWork.EndPart(part));
                break;
            case CollectorWork.DeletePart:
                if (--_partsToDelete == 0) _mustWrite = true;
                break;
            case CollectorWork.Clear:
                (_stored, IsOver, DurableRevision) = (null, true, Revision);
                break;
            default:
                break; // A notice.
        }
    }

    /// <summary>A piece of work has failed. A call is repeated; a write or a deletion ends this life.</summary>
    public void Failed(CollectorWork work, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        switch (work)
        {
            case CollectorWork.Write or CollectorWork.Clear or CollectorWork.DeletePart or CollectorWork.Look:
                IsOver = true; // The index calls the next life.
                break;
            case CollectorWork.Follow or CollectorWork.Exchange:
                Answered(work).NotReached(now);
                break;
            case CollectorWork.Tell:
                (_mustTell, _tellAt) = (true, now.After(_pace.Retries.PauseMs(_failedTells++)));
                break;
            default:
                break; // A notice, or an ask, which the part makes by itself somewhat later.
        }
    }

    private void RequireLife()
    {
        if (IsOver) throw new InvalidOperationException($"the collector of snapshot {_snapshot} starts again from what is stored");
    }

    private CollectorPart Answered(CollectorWork work)
    {
        if (work is CollectorWork.Exchange exchange)
        {
            _parts[exchange.Part].IsExchanging = false;
            return _parts[exchange.Part];
        }

        var part = _parts[((CollectorWork.Follow)work).Part];
        part.IsFollowed = false;
        return part;
    }

    private CollectorWork? NextWrite(Instant now)
    {
        if (_isDeleting)
        {
            if (!_mustWrite) return null;
            _mustWrite = false;
            return new CollectorWork.Clear();
        }

        if (_ending is { } ending && _stored is { } running)
        {
            var endedAtMs = Math.Max(_wallMs + now.Milliseconds, running.Summary.StartedAtMs);
            return new CollectorWork.Write(new(ending.Summary with { EndedAtMs = endedAtMs }, ElapsedMs(now), ending.LastProgress));
        }

        if (!_mustWrite) return null;
        _mustWrite = false;
        return new CollectorWork.Write(_stored is { } stored ? stored with { ElapsedMs = ElapsedMs(now) } : new(_starting!, 0, null));
    }

    private void Written(CollectorRecord record, Instant now)
    {
        _writing = null;
        if (_stored is null) (_startedAt, _initiator) = (now, record.Summary.Initiator);
        (_stored, _starting, _elapsedStored) = (record, null, record.ElapsedMs);
        if (IsRunning) return;
        (_ending, _mustWrite, DurableRevision) = (null, false, Revision);
        (_mustTell, _tellAt) = (true, now);
        _calls.Clear();
    }

    private CollectorWork? NextCall(SnapshotSummary summary, Instant now)
    {
        for (var number = 0; number < _parts.Length; number++)
        {
            var part = _parts[number];
            if (!part.MayFollow(now)) continue;
            part.IsFollowed = true;
            return new CollectorWork.Follow(number, summary.Epoch, part.View?.Version ?? 0);
        }

        if (Standings is not { } standings) return null;
        if (_resolveAt <= now)
        {
            _resolveAt = now.After(_pace.ResolveMs);
            foreach (var part in standings.Where(part => part.Unknown > 0)) _calls.Enqueue(new CollectorWork.Resolve(part.Part));
            return _calls.Dequeue(); // A part has some: so the ruling said.
        }

        if (Ruling is not { MustExchange: true }) return AskFirst(standings);
        for (var number = 0; number < _parts.Length; number++)
        {
            var part = _parts[number];
            if (!part.MayExchange(now) || part.Unheard(standings) is not { IsEmpty: false } unheard) continue;
            part.IsExchanging = true;
            return new CollectorWork.Exchange(number, unheard);
        }

        return null;
    }

    /// <summary>The markers do the work where they reach; the parts ask the processes that they do not reach.</summary>
    private CollectorWork.AskFirst? AskFirst(PartStanding[] standings)
    {
        if (_hasAskedInitiator || standings.All(part => part.MissingProcesses == 0)) return null;
        _hasAskedInitiator = true;
        return new(_partition.PartOf(_initiator), _initiator);
    }

    /// <summary>Decides whether the snapshot ends. The first decision stands.</summary>
    private void Evaluate(Instant now)
    {
        if (!IsRunning || _ending is not null || IsOver) return;
        var summary = _stored!.Summary with { Initiator = _initiator };
        if (_abortReason is null && Ruling is { Status: CollectionStatus.Complete })
        {
            var total = CollectionRuling.Sum(Standings!);
            _ending = new(
                summary with
                {
                    Status = SnapshotStatus.Completed,
                    Processes = total.ProcessesExpected,
                    Channels = total.ChannelsExpected,
                    MessagesInTransit = checked((int)Standings!.Sum(part => part.Messages)),
                    Bytes = Standings!.Sum(part => part.Bytes),
                },
                LastProgress: null);
        }
        else if ((_abortReason ?? FailureAt(summary, now)) is { } reason)
        {
            var bytes = Standings?.Sum(part => part.Bytes) ?? 0;
            _ending = new(summary with { Status = SnapshotStatus.Aborted, Reason = reason, Bytes = bytes }, View!.Progress);
        }
        else if (ElapsedMs(now) >= NextElapsedMs)
        {
            (_mustWrite, _elapsedStored) = (true, ElapsedMs(now));
        }
    }

    private string? FailureAt(SnapshotSummary summary, Instant now)
    {
        if (Ruling is { Status: CollectionStatus.Failed } ruling) return ruling.Reason;
        if (ElapsedMs(now) < TimeoutMs) return null;
        var missing = Standings is { } standings ? string.Join(", ", CollectionRuling.Sum(standings).WaitingFor) : "the directory";
        return string.Create(
            CultureInfo.InvariantCulture, $"timed out after {summary.Timeout.TotalSeconds:0.###} s, waiting for {missing}");
    }

    private long ElapsedMs(Instant now) => _elapsedBefore + (now.Milliseconds - _startedAt.Milliseconds);

    /// <summary>The end that is decided and not stored; judged and summed up in one moment.</summary>
    private sealed record Ending(SnapshotSummary Summary, CollectionProgress? LastProgress);
}
