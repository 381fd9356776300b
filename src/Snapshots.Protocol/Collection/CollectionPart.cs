using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// One part of the collection of a snapshot. It marks and lists its shards of the directory, asks its members to
/// record, stores their reports, and hears from the other parts what they count of channels that lead here. Its
/// collector follows it.
/// </summary>
/// <remarks>
/// <para>Crash safety: members are stored before anything is asked, reports before they are acknowledged and before
/// they count. Asking, reporting and telling are idempotent, so a life that starts from what is stored goes on from
/// there.</para>
/// <para>Stale lives: (1) a cut-off life takes a report, stores it and confirms it; (2) its successor has read the
/// pages before. The report would be lost, as its process has its receipt. So a life looks now and then whether there
/// is a page that it has not read, and ends if there is one. Two lives cannot write the same page.</para>
/// <para>Pages of members: (1) a life gathers; (2) its successor gathers, too, with a newcomer, and writes other pages in
/// the place of those of the first; (3) the head of the first takes effect. So a life that needs more pages than the head
/// first writes a claim in the place of the head, which fences (3), and no life replaces pages of a later one.</para>
/// <para>A write that fails ends the machine; the next one starts from what is stored. Not safe for concurrent
/// use.</para>
/// </remarks>
/// <typeparam name="TState">
/// The application's state of one process, or whatever form of it the reports carry.
/// </typeparam>
/// <typeparam name="TMessage">What the application sends, or whatever form of it the reports carry.</typeparam>
public sealed class CollectionPart<TState, TMessage> : IStateMachine<PartWork>
{
    private readonly SnapshotNumber _snapshot;
    private readonly Partition _partition;
    private readonly int _part;
    private readonly long _life;
    private readonly CollectionPace _pace;
    private readonly Func<Report, long>? _bytesOf;
    private readonly HashSet<(Type Kind, ProcessId Process, ProcessId Source)> _taken = [];
    private readonly List<Report> _waiting = [];
    private readonly SortedSet<int> _toHear = [];
    private readonly HashSet<int> _hearing = [];
    private readonly int _generation;
    private PartHead? _head;
    private bool _isHeadStored;
    private bool _isClaimed;
    private ImmutableArray<ProcessId> _members;
    private bool _isFinding;
    private bool _mustFind;
    private PartLedger<TState, TMessage>? _ledger;
    private AskRounds? _asks;
    private Epoch _epoch;
    private bool _isGathering;
    private int _failedGathers;
    private Instant _gatherAt;
    private Instant _lookAt;
    private bool _isLooking;
    private bool _mustProbe;
    private int _membersWritten = 1;
    private PartWork? _storing;
    private long _storingRevision;
    private PartDeletion? _deletion;
    private long _bytes;

    /// <summary>Starts a life.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="partition">How processes are split.</param>
    /// <param name="part">Which part this is.</param>
    /// <param name="life">A number above 0 that no other life of this part has, nor one close to it.</param>
    /// <param name="stored">The stored head; none if there is none. What else is stored follows.</param>
    /// <param name="pace">The pauses and batch sizes.</param>
    /// <param name="bytesOf">About what a report takes in the storage, in bytes; none if that is not asked for.</param>
    public CollectionPart(
        SnapshotNumber snapshot,
        Partition partition,
        int part,
        long life,
        PartHead? stored,
        CollectionPace pace,
        Func<Report, long>? bytesOf = null)
    {
        ArgumentNullException.ThrowIfNull(pace);
        (_snapshot, _partition, _part, _life, _pace, _bytesOf) = (snapshot, partition, part, life, pace, bytesOf);
        _generation = (stored?.Generation ?? 0) + 1;
        _head = stored is { IsClaim: false } ? stored : null;
        _isHeadStored = _head is not null;
        Version = life;
    }

    /// <summary>Whether members are known and reports are taken.</summary>
    public bool HasStarted => _ledger is not null;

    /// <summary>Whether the snapshot is known to have ended: nothing is asked, and no report is wanted.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether other parts are still being heard.</summary>
    public bool IsHearing => _toHear.Count > 0 || _hearing.Count > 0;

    /// <summary>Pages of reports that are stored.</summary>
    public int ReportPages { get; private set; }

    /// <summary>The stored head; none if there is none.</summary>
    public PartHead? Head => _isHeadStored ? _head : null;

    /// <summary>The epoch of the snapshot; <c>default</c> until it is known.</summary>
    public Epoch Epoch => _epoch;

    /// <summary>Pages of members that are stored, the head's own among them.</summary>
    public int MemberPages => _isHeadStored ? _head!.MemberPages : 0;

    /// <summary>Another one than before whenever the standing has changed.</summary>
    public long Version { get; private set; }

    /// <inheritdoc/>
    public long Revision { get; private set; }

    /// <inheritdoc/>
    public long DurableRevision { get; private set; }

    /// <summary>Whether a write has failed, another life has written, or all is deleted.</summary>
    public bool IsOver { get; private set; }

    /// <inheritdoc/>
    public Instant? DueAt
    {
        get
        {
            if (IsOver || HasEnded) return null;
            if (_asks is null) return MayGather ? _gatherAt : null;
            if (_isLooking) return _asks.DueAt;
            return _asks.DueAt is { } askAt && askAt < _lookAt ? askAt : _lookAt;
        }
    }

    /// <summary>
    /// Adds what is stored behind the head, before any input: the members of all pages, and then each page of reports,
    /// in order. A snapshot that has ended only counts the pages.
    /// </summary>
    public void Restore(IEnumerable<ProcessId> members, Instant now)
    {
        if (!_isHeadStored) throw new InvalidOperationException("there is no head, so there are no members");
        _epoch = _head!.Epoch;
        foreach (var rests in _head.Rests) _bytes += rests.Bytes;
        if (!HasEnded) Open(members, now);
    }

    /// <summary>Adds a stored page of reports.</summary>
    public void Restore(IEnumerable<Report> page)
    {
        ArgumentNullException.ThrowIfNull(page);
        ReportPages++;
        if (_ledger is not { } ledger) return;
        foreach (var report in page)
        {
            _taken.Add(KeyOf(report));
            Count(ledger, report);
        }
    }

    /// <summary>The collector follows this part: it starts unless it has.</summary>
    public void Start(Epoch epoch, Instant now)
    {
        if (_epoch != default || HasEnded || IsOver) return;
        (_epoch, _gatherAt) = (epoch, now);
    }

    /// <summary>Takes the word of the index: the collector that says when it is over may be lost.</summary>
    public void Learn(SnapshotAnnouncement announcement)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        if (announcement.HasEnded(_snapshot)) End();
    }

    /// <summary>The snapshot has ended: frees what only a running collection needs.</summary>
    public void End()
    {
        if (HasEnded) return;
        HasEnded = true;
        (_ledger, _asks) = (null, null);
        _taken.Clear();
        _toHear.Clear();
        _waiting.Clear(); // They may be forgotten: that is their receipt.
        if (_storing is null) DurableRevision = Revision;
        Version++;
    }

    /// <summary>Asks a process first of all, or another one of this part if that one is not missing.</summary>
    public void AskFirst(ProcessId initiator) => _asks?.AskFirst(initiator);

    /// <summary>
    /// Takes reports, with one verdict for each. They count when they are stored; a duplicate is acknowledged when the
    /// first one is. No verdict at all says that the part has not started: nothing was taken, and all is to be brought
    /// again.
    /// </summary>
    /// <exception cref="InvalidOperationException">This life is over; nothing has changed.</exception>
    /// <exception cref="ArgumentException">
    /// A report is not of this snapshot, part or application; nothing has changed.
    /// </exception>
    public ImmutableArray<ReportVerdict> Accept(IReadOnlyList<Report> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        if (IsOver) throw new InvalidOperationException($"part {_part} of snapshot {_snapshot} starts again from what is stored");
        if (HasEnded) return [.. reports.Select(_ => ReportVerdict.Duplicate)]; // They may be forgotten.
        if (_ledger is not { } ledger) return [];
        foreach (var report in reports) ledger.Require(report);
        return [.. reports.Select(Accept)];
    }

    /// <summary>A process that is waited for can never do its part: the snapshot fails.</summary>
    /// <param name="process">The process.</param>
    /// <param name="reason">Why, in one line.</param>
    public void CannotReport(ProcessId process, string reason)
    {
        if (_ledger is not { } ledger || !ledger.IsAwaited(process)) return;
        ledger.Fail(reason);
        Version++;
    }

    /// <summary>The members cannot be found out, ever: the snapshot fails.</summary>
    public void CannotGather(string reason, Instant now)
    {
        _isGathering = false;
        if (HasEnded || IsOver || _ledger is not null) return;
        Open([], now);
        _ledger!.Fail(reason);
    }

    /// <summary>
    /// All is there, and the counts do not balance: looks which of the processes that are named are at rest, and what they
    /// have counted.
    /// </summary>
    public void Resolve() => _mustFind |= _ledger is { Unknown: > 0 };

    /// <summary>Hears what those parts have to tell by now.</summary>
    public void Exchange(IEnumerable<int> from)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (_ledger is null || IsOver) return;
        foreach (var part in from.Where(part => part != _part && !_hearing.Contains(part))) _toHear.Add(part);
    }

    /// <summary>Some of what this part has to tell another one, after what that one has heard.</summary>
    /// <exception cref="InvalidOperationException">The part is not started, or the snapshot has ended.</exception>
    public CountPage Tell(int to, HeardCounts heard) => Ledger.Tell(to, heard, _pace.CountsPerPage);

    /// <summary>How this part stands.</summary>
    /// <exception cref="InvalidOperationException">The part is not started, or the snapshot has ended.</exception>
    public PartView View() => new(Version, Ledger.GetStanding() with { Bytes = _bytes });

    /// <summary>Deletes all rows of an ended snapshot; done when the revision after it is durable.</summary>
    public void Delete()
    {
        End();
        Revision++;
        _deletion ??= new(ReportPages, Math.Max(MemberPages, 1));
    }

    /// <inheritdoc/>
    public PartWork? TakeWork(Instant now)
    {
        if (IsOver) return null;
        if (_storing is null && NextStorage() is { } storage)
        {
            _storingRevision = Revision - _waiting.Count; // Each report that waits has counted as one.
            return _storing = storage;
        }

        return HasEnded ? null : NextCall(now);
    }

    /// <summary>The shards are marked, and their rests are kept.</summary>
    /// <param name="shards">What each shard of the part keeps for the snapshot.</param>
    public void Gathered(IEnumerable<(int Shard, KeptRests Kept)> shards)
    {
        ArgumentNullException.ThrowIfNull(shards);
        _isGathering = false;
        if (HasEnded || IsOver) return;
        var kept = shards.ToList();
        _members = [.. kept.SelectMany(each => each.Kept.Awake).Distinct()];
        var pages = Math.Max((_members.Length + _pace.MembersPerPage - 1) / _pace.MembersPerPage, 1);
        _head = new(_epoch, pages, [.. _members.Take(_pace.MembersPerPage)])
        {
            Generation = _generation,
            First = kept.Select(each => each.Kept.First).Where(first => first != default).Order().FirstOrDefault(),
            Rests =
            [
                .. kept.Where(each => each.Kept.Sums.Processes > 0).Select(each => new PartRests(
                    each.Shard, each.Kept.Number, each.Kept.Rows.Count(row => row.Copy > 0), each.Kept.Sums, each.Kept.Bytes)),
            ],
        };
        foreach (var rests in _head.Rests) _bytes += rests.Bytes;
    }

    /// <summary>
    /// What was found of the processes that were looked for. Those that are not at rest are newcomers, registered or not:
    /// they are asked. Who sent one of them a message may be damaged, so that nothing else would bring it to register.
    /// </summary>
    /// <param name="processes">All that were looked for.</param>
    /// <param name="atRest">What those of them report that are at rest in the snapshot.</param>
    public void Found(IEnumerable<ProcessId> processes, IEnumerable<LocalStateReport> atRest)
    {
        ArgumentNullException.ThrowIfNull(processes);
        _isFinding = false;
        if (_ledger is not { } ledger) return;
        ledger.Found(processes, atRest.ToDictionary(report => report.Process));
        _mustFind = ledger.Unknown > 0;
        Version++;
    }

    /// <summary>What is kept of processes at rest is damaged: the snapshot fails.</summary>
    public void CannotFind(string reason)
    {
        _isFinding = false;
        _ledger?.Fail(reason);
        Version++;
    }

    /// <summary>Whether the row that was probed exists.</summary>
    public void Probed(PartWork.Probe probe, bool exists)
    {
        ArgumentNullException.ThrowIfNull(probe);
        _storing = null;
        if (_deletion is { } deletion) deletion.Probed(probe.Row, exists);
        else if (exists) IsOver = true; // Another life has stored reports that this one has not read.
    }

    /// <summary>Another part has told its counts.</summary>
    public void Heard(CountPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        _hearing.Remove(page.From);
        if (_ledger is not { } ledger) return;
        if (ledger.Hear(page)) _toHear.Add(page.From); // Ends: a page either brings something, of what is finite, or is the last one.
        Version++;
    }

    /// <summary>A piece of work is done that has no answer.</summary>
    public void Completed(PartWork work, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        switch (work)
        {
            case PartWork.WriteMembers:
                _membersWritten++;
                break;
            case PartWork.WriteHead { Head.IsClaim: true }:
                _isClaimed = true;
                break;
            case PartWork.WriteHead:
                _isHeadStored = true;
                if (_ledger is not null || HasEnded) break;
                Open(_members, now);
                break;
            case PartWork.WriteReports write:
                Count(write);
                break;
            case PartWork.Drop:
                _deletion!.Dropped();
                break;
            case PartWork.Clear clear:
                _deletion!.Cleared(clear.Row);
                if (clear.Row == PartRow.Head) (IsOver, DurableRevision) = (true, Revision);
                break;
            case PartWork.Look:
                (_isLooking, _lookAt) = (false, now.After(_pace.LookMs));
                break;
            case PartWork.Ask:
                _asks?.Asked(now);
                break;
            default:
                throw new ArgumentException($"{work} has an answer", nameof(work));
        }

        if (work.IsStorage) Stored();
    }

    /// <summary>A piece of work has failed. A call is repeated; a read or write of a row ends this life.</summary>
    public void Failed(PartWork work, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        switch (work)
        {
            case { IsStorage: true }:
                IsOver = true; // What is not stored must not be counted; its senders repeat it.
                Version++;
                break;
            case PartWork.Gather:
                (_isGathering, _gatherAt) = (false, now.After(_pace.Retries.PauseMs(_failedGathers++)));
                break;
            case PartWork.Find:
                _isFinding = false; // The collector asks again.
                break;
            case PartWork.Hear hear:
                _hearing.Remove(hear.From); // The collector sees what is not heard.
                break;
            default:
                Completed(work, now); // The next look or round of asking comes by itself.
                break;
        }
    }

    private PartLedger<TState, TMessage> Ledger => _ledger
        ?? throw new InvalidOperationException($"part {_part} of snapshot {_snapshot} {(HasEnded ? "has ended" : "is not started")}");

    private bool MayGather => _epoch != default && !_isGathering && _head is null;

    private static (Type Kind, ProcessId Process, ProcessId Source) KeyOf(Report report) =>
        (report.GetType(), report.Process, report is ChannelReport<TMessage> channel ? channel.Source : default);

    private ReportVerdict Accept(Report report)
    {
        if (report.Epoch != _epoch) return ReportVerdict.WrongEpoch;
        if (_ledger!.HasAtRest(report) || !_taken.Add(KeyOf(report))) return ReportVerdict.Duplicate;
        _waiting.Add(report);
        Revision++;
        return ReportVerdict.Accepted;
    }

    private void Open(IEnumerable<ProcessId> members, Instant now)
    {
        var atRest = _head?.Rests.Aggregate(default(RestSums), (sum, rests) => sum + rests.Sums) ?? default;
        _ledger = new(_snapshot, _epoch, _partition, _part, _life, members, atRest, _head?.First ?? default);
        _asks = new(_ledger, _pace, now);
        _lookAt = now.After(_pace.LookMs);
        Version++;
    }

    private PartWork? NextStorage()
    {
        if (_deletion is { } deletion) return deletion.Next();
        if (HasEnded) return null;
        if (_head is not null && !_isHeadStored)
        {
            if (_membersWritten == _head.MemberPages) return new PartWork.WriteHead(_head);
            if (!_isClaimed) return new PartWork.WriteHead(_head with { MemberPages = 0, Members = [] });
            ImmutableArray<ProcessId> page = [.. _members.Skip(_membersWritten * _pace.MembersPerPage).Take(_pace.MembersPerPage)];
            return new PartWork.WriteMembers(_membersWritten, page, _generation);
        }

        if (_waiting.Count > 0)
        {
            var count = CountForPage();
            var reports = new PartWork.WriteReports(ReportPages, [.. _waiting.Take(count)]);
            _waiting.RemoveRange(0, count);
            return reports;
        }

        if (!_mustProbe) return null;
        _mustProbe = false;
        return new PartWork.Probe(PartRow.Reports, ReportPages);
    }

    /// <summary>How many of the reports that wait have room in one page; at least one.</summary>
    private int CountForPage()
    {
        var (count, bytes) = (0, 0L);
        foreach (var report in _waiting.Take(_pace.ReportsPerPage))
        {
            bytes += _bytesOf?.Invoke(report) ?? 0;
            if (count > 0 && bytes > _pace.BytesPerPage) break;
            count++;
        }

        return count;
    }

    private PartWork? NextCall(Instant now)
    {
        if (_ledger is not { } ledger)
        {
            if (!MayGather || now < _gatherAt) return null;
            _isGathering = true;
            return new PartWork.Gather();
        }

        if (_toHear.Count > 0)
        {
            var from = _toHear.Min;
            _toHear.Remove(from);
            _hearing.Add(from);
            return new PartWork.Hear(from, ledger.HeardFrom(from));
        }

        if (_mustFind && !_isFinding)
        {
            _mustFind = false;
            ImmutableArray<ProcessId> unknown = [.. ledger.UnknownProcesses.Take(_pace.MembersPerPage)];
            _isFinding = !unknown.IsEmpty;
            if (_isFinding) return new PartWork.Find(unknown);
        }

        if (!_isLooking && now >= _lookAt)
        {
            _isLooking = _mustProbe = true;
            return new PartWork.Look();
        }

        return _asks!.Next(now) is { } asked ? new PartWork.Ask(asked) : null;
    }

    /// <summary>A page of reports is stored: now they count.</summary>
    private void Count(PartWork.WriteReports write)
    {
        ReportPages++;
        if (_ledger is not { } ledger) return;
        foreach (var report in write.Reports) Count(ledger, report);
        Version++;
    }

    private void Count(PartLedger<TState, TMessage> ledger, Report report)
    {
        ledger.Accept(report);
        _bytes += _bytesOf?.Invoke(report) ?? 0;
    }

    private void Stored()
    {
        var isReports = _storing is PartWork.WriteReports;
        _storing = null;
        if (_deletion is null && (isReports || HasEnded)) DurableRevision = HasEnded ? Revision : _storingRevision;
    }
}
