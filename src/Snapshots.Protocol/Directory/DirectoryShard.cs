using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// One shard of the directory: which processes exist, which snapshots a newcomer is to record, and the pending-work
/// registry, in which a process stands while it has frames under way, so that it is found and woken after a loss.
/// </summary>
/// <remarks>
/// <para>
/// Processes are kept in pages that are rewritten only while they fill, so that to register the n-th process costs no
/// more than to register the first. The registry is kept in <see cref="RegistryRows"/> rows, so that one process coming
/// or going rewrites little.
/// </para>
/// <para>
/// A mark is answered once the rows were read again, and no other activation has written them. So the activation that
/// is marked with a snapshot is the one at which newcomers register, and each of them is either listed or told of the
/// snapshot. An activation asks the index when it begins: a snapshot's number is stored before any shard is marked with
/// it, so the index knows all that earlier ones were marked with.
/// </para>
/// <para>
/// An activation begins with a write of the head, of the page that is being filled and of every row of the registry. So
/// an earlier activation, cut off with a write still to come, can no longer store a newcomer, a token or a gate that
/// this one does not know.
/// </para>
/// <para>
/// Restores: <see cref="ShardRestore"/>. While the shard is closed, nobody registers: so the members that close for a
/// restore are all that are stored, and the processes that register after its commit need no part.
/// </para>
/// <para>Processes at rest: <see cref="ShardRests"/>.</para>
/// <para>Not safe for concurrent use. A write that failed ends the activation.</para>
/// </remarks>
public sealed class DirectoryShard
{
    /// <summary>Processes of one page.</summary>
    public const int ProcessesPerPage = 128;

    /// <summary>Rows of the registry.</summary>
    public const int RegistryRows = 16;

    private readonly Partition _partition;
    private readonly int _shard;
    private readonly List<ProcessId> _processes = [];
    private readonly Dictionary<ProcessId, int> _places = [];

    /// <summary>How many processes of each page a message has brought into being.</summary>
    private readonly List<int> _byMessage = [];
    private readonly SortedDictionary<ProcessId, WorkToken>[] _tokens =
        [.. Enumerable.Range(0, RegistryRows).Select(_ => new SortedDictionary<ProcessId, WorkToken>())];
    private readonly bool[] _isChanged = new bool[RegistryRows];
    private readonly Rounds<WakeWork> _rounds;
    private readonly ShardRestore _restore;
    private readonly ShardRests _rests = new();
    private string _kind = string.Empty;
    private WriteShardWork? _write;
    private VerifyShardWork? _verify;
    private AskIndexWork? _ask;
    private Instant? _askAt;
    private bool _isReadingRests;
    private bool _isFenced;
    private bool _isAnswered;
    private int _stored;
    private int _firstOf;
    private ProcessId _first;
    private long _notes;
    private long _marks;
    private long _membership = -1;

    /// <summary>
    /// Rounds of wake-ups after which a process that cannot be reached is left to the next loss: with the pauses, about
    /// five minutes.
    /// </summary>
    internal const int MaxWakeRounds = 60;

    internal static readonly Backoff WakePause = new(250, 5_000);

    /// <summary>Starts an activation with what is stored.</summary>
    /// <param name="partition">How processes are split into shards.</param>
    /// <param name="shard">Which shard this is.</param>
    /// <param name="pages">The pages that are stored, in order.</param>
    /// <param name="rows">The rows of the registry that are stored, by number.</param>
    /// <param name="head">What is stored of restores; none if nothing is.</param>
    /// <exception cref="FormatException">
    /// A row of the registry names more pages than there are: the directory has lost processes.
    /// </exception>
    public DirectoryShard(
        Partition partition,
        int shard,
        IReadOnlyList<ShardPage> pages,
        IReadOnlyDictionary<int, RegistryRow> rows,
        ShardHead? head)
    {
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentNullException.ThrowIfNull(rows);
        (_partition, _shard) = (partition, shard);
        _rounds = new(Renew, WakePause, MaxWakeRounds);
        _restore = new(head);
        foreach (var page in pages)
        {
            if (!page.Processes.IsEmpty) _kind = page.Kind;
            foreach (var process in page.Processes) Add(process);
            if (!page.Processes.IsEmpty) _byMessage[^1] = page.ByMessage;
        }

        foreach (var (number, row) in rows)
        {
            if (row.Pages > pages.Count) throw new FormatException($"the directory shard {shard} has {pages.Count} pages of {row.Pages}");
            foreach (var (process, token) in row.Tokens) _tokens[number][process] = token;
        }

        _stored = _processes.Count;
    }

    /// <summary>Whether the activation has begun: it has stored its fence and knows what the index says.</summary>
    public bool HasBegun => _isFenced && _isAnswered && _rests.IsLoaded && _restore.StoredGate != default;

    /// <summary>The epoch, and whether newcomers are taken: as it is stored.</summary>
    public Gate Gate => _restore.StoredGate;

    /// <summary>How far the last order of a restore is.</summary>
    public ShardStanding Standing => _restore.Standing;

    /// <summary>The snapshots that are open, as far as they are known here: what a newcomer is told.</summary>
    public SnapshotAnnouncement Announcement { get; private set; } = SnapshotAnnouncement.None;

    /// <summary>The kind of host that the processes have; empty while none is registered.</summary>
    public string Kind => _kind;

    /// <summary>Why the activation is over; none while it goes on.</summary>
    public string? Failure { get; private set; }

    /// <summary>The number of marks that may be answered.</summary>
    public long VerifiedMarks { get; private set; }

    /// <summary>
    /// How many registrations are stored, and may be answered: <see cref="List"/> returns just these.
    /// </summary>
    public int StoredProcesses => _stored;

    /// <summary>The number of notes that are durable.</summary>
    public long DurableNotes { get; private set; }

    /// <summary>When <see cref="TakeWork"/> is next useful, if not after an input.</summary>
    public Instant? DueAt
    {
        get
        {
            if (!HasBegun || Failure is not null) return null;
            var due = _restore.DueAt is { } restoreAt && !(_rounds.DueAt <= restoreAt) ? restoreAt : _rounds.DueAt;
            return _askAt is { } askAt && !(due <= askAt) ? askAt : due;
        }
    }

    /// <summary>The processes of which the last round of wake-ups has given up, once.</summary>
    public (int Count, ProcessId First)? TakeGivenUp() =>
        _rounds.TakeGivenUp() is var (count, first) ? (count, first.Process) : null;

    /// <summary>The number of changes of rests that are durable.</summary>
    public long DurableRests => _rests.StoredChanges;

    /// <summary>The number of ends of rests that may be answered.</summary>
    public long AnsweredAwakes => _rests.AnsweredAwakes;

    /// <summary>
    /// Whether a process is registered, and that is stored. That it is not may be answered once <see cref="VerifiedMarks"/>
    /// has reached what <see cref="Verify"/> returned: a stale activation does not know whom its successor has registered,
    /// and one of whom all is lost would begin again with nothing.
    /// </summary>
    public bool IsRegistered(ProcessId process) => _places.TryGetValue(process, out var place) && place < _stored;

    /// <summary>
    /// Whether a message may be sent to a process: it is registered, or messages have brought fewer than
    /// <paramref name="max"/> processes into being. Messages to others may be under way, so more than that can register.
    /// </summary>
    public bool IsReachable(ProcessId process, int max) => _places.ContainsKey(process) || _byMessage.Sum() < max;

    /// <summary>
    /// Whether a process may live in the epoch of <see cref="Gate"/> without a part: the shard is open, and no part of a
    /// restore is on the way to the process. Until then it neither registers nor concludes that nothing is stored of it.
    /// </summary>
    public bool Admits(ProcessId process) =>
        _restore.Admits(_places.TryGetValue(process, out var place) ? place : _processes.Count);

    /// <summary>Takes an order of the index. One that is older than what the shard has is not obeyed.</summary>
    public void Obey(ShardOrder order) => _restore.Obey(order, _processes.Count);

    /// <summary>
    /// Registers a process; again is harmless. It is to be answered with <see cref="Gate"/> and
    /// <see cref="Announcement"/> once <see cref="StoredProcesses"/> is the returned number or more, if the shard still
    /// <see cref="Admits"/> the process then. None if it does not do so now; nothing has changed.
    /// </summary>
    /// <param name="process">The process.</param>
    /// <param name="kind">The kind of its host.</param>
    /// <param name="isByMessage">Whether a message has brought it into being.</param>
    /// <exception cref="ArgumentException">
    /// The process belongs to another shard, or its host is of another kind; nothing has changed.
    /// </exception>
    public long? Register(ProcessId process, string kind, bool isByMessage = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        if (_partition.PartOf(process) != _shard)
        {
            throw new ArgumentException($"{process} belongs to directory shard {_partition.PartOf(process)}, not to {_shard}", nameof(process));
        }

        if (_kind.Length > 0 && kind != _kind)
        {
            throw new ArgumentException(
                $"{process} is hosted by a {kind}, and the application's processes are hosted by {_kind}: an application has one grain class",
                nameof(kind));
        }

        if (!Admits(process)) return null;
        if (!Add(process)) return _processes.Count;
        _kind = kind;
        if (isByMessage) _byMessage[^1]++;
        return _processes.Count;
    }

    /// <summary>
    /// Marks the shard with the snapshots that are open: every process that registers from now on is told of them. To
    /// be answered with <see cref="StoredProcesses"/> once <see cref="VerifiedMarks"/> is the returned number or more.
    /// </summary>
    /// <remarks>
    /// A stale activation must not answer: (1) a newcomer registers at its successor; (2) a snapshot begins; (3) the
    /// stale activation is marked, and lists without the newcomer. The snapshot would lack a process that was
    /// registered when it began.
    /// </remarks>
    public long Mark(SnapshotAnnouncement announcement)
    {
        Announcement = Announcement.Merge(announcement);
        return Verify();
    }

    /// <summary>
    /// Has the rows read again; <see cref="VerifiedMarks"/> is the returned number or more once no other activation was found
    /// to have written them.
    /// </summary>
    public long Verify() => ++_marks;

    /// <summary>
    /// Registered processes in the order of registration, from <paramref name="offset"/>, at most
    /// <paramref name="limit"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public ImmutableArray<ProcessId> List(int offset, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var count = Math.Min(limit, Math.Max(0, _stored - offset));
        return count == 0 ? [] : [.. _processes.GetRange(offset, count)];
    }

    /// <summary>
    /// The processes in the epoch of <see cref="Gate"/>, as they are stored. For a snapshot it is to be taken when the mark
    /// may be answered, or later.
    /// </summary>
    public RestView ViewRests()
    {
        for (; _firstOf < _stored; _firstOf++)
        {
            if (_first == default || _processes[_firstOf] < _first) _first = _processes[_firstOf];
        }

        return _rests.View(_processes, _stored, _first, Gate.Epoch);
    }

    /// <summary>The numbers of the rows of rests in which these processes are; less than 0 where one is not known.</summary>
    public ImmutableArray<int> RestRowsOf(IEnumerable<ProcessId> processes) =>
        [.. processes.Select(process => _places.TryGetValue(process, out var place) ? place / ShardRests.ProcessesPerRow : -1)];

    /// <summary>
    /// A process has stored that it rests. To be answered once <see cref="DurableRests"/> is the returned number or more.
    /// None if this activation does not know the process, since it is stale: nothing has changed.
    /// </summary>
    public long? Rest(RestEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _places.TryGetValue(entry.Process, out var place) ? _rests.Rest(place, entry) : null;
    }

    /// <summary>
    /// A process is to be awake. To be answered with <see cref="Announcement"/> once <see cref="AnsweredAwakes"/> is the
    /// returned number or more, if the shard <see cref="IsOpenIn"/> the epoch of the rest then. None if this activation
    /// does not know the process, since it is stale: nothing has changed.
    /// </summary>
    public long? Awake(ProcessId process, RestMark mark) =>
        _places.TryGetValue(process, out var place) ? _rests.Awake(place, process, mark) : null;

    /// <summary>Whether processes may be awake in an epoch: the shard lives in it, and is open.</summary>
    public bool IsOpenIn(Epoch epoch) => _restore.IsOpenIn(epoch);

    /// <summary>
    /// Puts a process into the registry under a token, in the place of any other one; or removes it, if it is there
    /// under just that token. To be answered once <see cref="DurableNotes"/> is the returned number or more, also when
    /// nothing has changed: an earlier note may be writing just this.
    /// </summary>
    public long Note(WorkNote note)
    {
        if (Contains(note.Process, note.Token) == note.IsPending) return _notes;
        var row = RowOf(note.Process);
        if (note.IsPending) _tokens[row][note.Process] = note.Token;
        else _tokens[row].Remove(note.Process);
        _isChanged[row] = true;
        return ++_notes;
    }

    /// <summary>
    /// A silo was lost or has started: wakes all that is in the registry, once for each version of the membership.
    /// </summary>
    public void WakeAll(long membershipVersion, Instant now)
    {
        if (membershipVersion <= _membership) return;
        _membership = membershipVersion;
        WakeRegistry(now);
    }

    /// <summary>
    /// Takes the next piece of work; call again until there is none, since several pieces may be under way.
    /// </summary>
    public ShardWork? TakeWork(Instant now)
    {
        if (Failure is not null) return null;
        if (_write is null && _verify is null && HasChanges) return _write = Write();
        if (_write is null && _verify is null && (VerifiedMarks < _marks || _rests.IsUnverified))
        {
            return _verify = new VerifyShardWork(_marks, _rests.StoredAwakes);
        }

        if (_isFenced && !_rests.IsLoaded && !_isReadingRests)
        {
            _isReadingRests = true;
            return new ReadRestsWork(ShardRests.RowsOf(_processes.Count));
        }

        if (_ask is null && _isFenced && (!_isAnswered || _rests.MustAsk) && !(now < _askAt))
        {
            _askAt = null;
            return _ask = new AskIndexWork(_rests.VerifiedAwakes);
        }

        return HasBegun ? _rounds.Take(now) ?? _restore.TakeWork(_processes, _stored, now) : null;
    }

    private bool HasChanges => !_isFenced || _stored < _processes.Count || _restore.IsChanged || _rests.IsChanged || _isChanged.Contains(true);

    /// <summary>The rows are stored.</summary>
    public void Completed(WriteShardWork work, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        _write = null;
        _stored = Math.Max(_stored, work.Processes);
        DurableNotes = work.Notes;
        _rests.Stored(work.Rests, work.RestChanges, work.Awakes);
        if (work.Head is { } head) _restore.Stored(head);
        if (_isFenced) return;
        _isFenced = true;
        WakeRegistry(now); // What ended the last activation may have cut its rounds short.
    }

    /// <summary>The rows of processes at rest were read.</summary>
    public void Completed(ReadRestsWork work, IReadOnlyDictionary<int, RestRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _rests.Load(rows);
    }

    /// <summary>The rows were read again: whether they are as this activation has read or written them.</summary>
    public void Completed(VerifyShardWork work, bool isCurrent)
    {
        ArgumentNullException.ThrowIfNull(work);
        _verify = null;
        if (isCurrent)
        {
            VerifiedMarks = work.Marks;
            _rests.Verified(work.Awakes);
        }
        else Failure ??= "stale activation: another one has written";
    }

    /// <summary>The index has answered.</summary>
    public void Completed(AskIndexWork work, Epoch epoch, SnapshotAnnouncement announcement)
    {
        ArgumentNullException.ThrowIfNull(work);
        _ask = null;
        if (!_isAnswered) _restore.Begin(epoch);
        _isAnswered = true;
        _rests.Asked(work.Awakes);
        Announcement = Announcement.Merge(announcement);
    }

    /// <summary>
    /// The processes that the source of a restore has here. Those that are not registered are now, with the epoch that
    /// the restore makes: they have parts.
    /// </summary>
    /// <exception cref="ArgumentException">A process belongs to another shard; nothing has changed.</exception>
    public void Completed(ReadSourceWork work, string kind, ImmutableArray<ProcessId> processes)
    {
        ArgumentNullException.ThrowIfNull(work);
        var stranger = processes.FirstOrDefault(process => _partition.PartOf(process) != _shard);
        if (stranger != default) throw new ArgumentException($"{stranger} does not belong to directory shard {_shard}", nameof(processes));
        if (!_restore.HasRead(work, processes)) return;
        foreach (var process in processes) Add(process);
        if (!processes.IsEmpty && _kind.Length == 0) _kind = kind;
        _restore.Move(_processes.Count);
    }

    /// <summary>A member has done what the restore wants of it, durably.</summary>
    public void Completed(MemberWork work, RestoreCounts counts, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        _restore.Ended(work, counts, wasReached: true, now);
    }

    /// <summary>The process is awake. One that has no work leaves the registry.</summary>
    public void Completed(WakeWork work, bool hasWork, Instant now)
    {
        ArgumentNullException.ThrowIfNull(work);
        _rounds.Ended(work, wasReached: true, now);
        if (!hasWork) Note(new WorkNote(work.Process, work.Token, IsPending: false));
    }

    /// <summary>
    /// Work has failed: a write, or an answer of the index that a caller waits for, ends the activation; what is asked
    /// of a process, and the reading of a source, is repeated.
    /// </summary>
    public void Failed(ShardWork work, string reason, Instant now)
    {
        if (work is WakeWork wake) _rounds.Ended(wake, wasReached: false, now);
        else if (work is MemberWork member) _restore.Ended(member, default, wasReached: false, now);
        else if (work is ReadSourceWork) _restore.NotRead(now);
        else if (work is AskIndexWork && HasBegun) (_ask, _askAt) = (null, now.After(WakePause.PauseMs(0)));
        else Failure ??= reason;
    }

    private WriteShardWork Write()
    {
        var pages = ImmutableArray.CreateBuilder<(int, ShardPage)>();
        for (var page = _stored / ProcessesPerPage; page * ProcessesPerPage < _processes.Count || (!_isFenced && pages.Count == 0); page++)
        {
            var first = page * ProcessesPerPage;
            var processes = _processes[first..Math.Min(first + ProcessesPerPage, _processes.Count)];
            pages.Add((page, new(_kind, [.. processes], processes.Count == 0 ? 0 : _byMessage[page])));
        }

        var storedPages = (_stored + ProcessesPerPage - 1) / ProcessesPerPage;
        var rows = Enumerable.Range(0, RegistryRows).Where(row => !_isFenced || _isChanged[row])
            .Select(row => (row, new RegistryRow(storedPages, [.. _tokens[row].Select(pair => (pair.Key, pair.Value))]))).ToImmutableArray();
        Array.Clear(_isChanged);
        var (rests, restChanges, awakes) = _rests.TakeChange();
        return new(pages.DrainToImmutable(), rows, _processes.Count, _notes, _restore.TakeChange(isFence: !_isFenced))
        {
            Rests = rests,
            RestChanges = restChanges,
            Awakes = awakes,
        };
    }

    private bool Contains(ProcessId process, WorkToken token) =>
        _tokens[RowOf(process)].TryGetValue(process, out var present) && present == token;

    /// <summary>
    /// A process that has enlisted again is woken, too, under its new token: (1) an activation enlists; (2) its silo is lost;
    /// (3) the note is late, and takes the place of the entry that is to be woken. Nothing else would wake the process.
    /// </summary>
    private WakeWork? Renew(WakeWork wake) =>
        !_tokens[RowOf(wake.Process)].TryGetValue(wake.Process, out var present) ? null
        : present == wake.Token ? wake
        : new(wake.Process, present);

    private void WakeRegistry(Instant now) =>
        _rounds.Start(_tokens.SelectMany(tokens => tokens).Select(pair => new WakeWork(pair.Key, pair.Value)), now);

    private int RowOf(ProcessId process) => (int)(Partition.Hash(process) / (uint)_partition.Count % RegistryRows);

    private bool Add(ProcessId process)
    {
        if (!_places.TryAdd(process, _processes.Count)) return false;
        if (_processes.Count % ProcessesPerPage == 0) _byMessage.Add(0);
        _processes.Add(process);
        return true;
    }
}
