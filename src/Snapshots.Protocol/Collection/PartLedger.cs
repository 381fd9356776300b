namespace Snapshots.Protocol;

/// <summary>
/// What one part of a collection has counted. It knows the members of its part and judges the channels that lead to
/// them. What its members report of channels with an end in another part, it tells that part, so that the two counts of
/// each channel meet at the channel's target. <see cref="CollectionRuling"/> judges the parts together. One part alone
/// is a whole collection.
/// </summary>
/// <remarks>
/// It stores counts, no states and no messages: what it holds in memory grows with the channels of its part. Reports
/// and counts may come in any order and more than once, and reports also from strangers. Not safe for concurrent use.
/// </remarks>
/// <typeparam name="TState">
/// The application's state of one process, or whatever form of it the reports carry.
/// </typeparam>
/// <typeparam name="TMessage">What the application sends, or whatever form of it the reports carry.</typeparam>
public sealed class PartLedger<TState, TMessage> : IAwaitingReports
{
    private readonly SnapshotNumber _snapshot;
    private readonly Epoch _epoch;
    private readonly Partition _partition;
    private readonly int _part;
    private readonly long _life;
    private readonly Dictionary<ProcessId, PartProcess> _processes = [];
    private readonly Dictionary<ChannelId, PartChannel> _channels = [];
    private readonly SortedSet<ProcessId> _missing = [];

    /// <summary>The members at rest.</summary>
    private readonly RestLedger _rests;
    private readonly Queue<PartProcess> _admitted = new();
    private readonly List<EndCount>[] _told;
    private readonly HeardCounts[] _heard;
    private readonly ChannelTotals _totals = new();
    private readonly ProcessId _first;
    private string _failure = string.Empty;
    private int _members;

    /// <summary>Starts an empty ledger.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="epoch">The one epoch that all reports must be of.</param>
    /// <param name="partition">How processes are split.</param>
    /// <param name="part">Which part this is.</param>
    /// <param name="life">A number that no other life of this part in memory has.</param>
    /// <param name="members">The members of this part that the directory knew, and that may be awake.</param>
    /// <param name="atRest">What the members at rest have counted.</param>
    /// <param name="first">The first member in ordinal order, of those at rest, too; the first of <paramref name="members"/> if none is given.</param>
    /// <exception cref="ArgumentException">A member is of another part.</exception>
    public PartLedger(
        SnapshotNumber snapshot,
        Epoch epoch,
        Partition partition,
        int part,
        long life,
        IEnumerable<ProcessId> members,
        RestSums atRest = default,
        ProcessId first = default)
    {
        ArgumentNullException.ThrowIfNull(members);
        (_snapshot, _epoch, _partition, _part, _life) = (snapshot, epoch, partition, part, life);
        _told = [.. Enumerable.Range(0, partition.Count).Select(_ => new List<EndCount>())];
        _heard = new HeardCounts[partition.Count];
        _rests = new(atRest);
        foreach (var member in members) Admit(OwnOf(member));
        _first = first != default ? first : _missing.Min;
    }

    /// <summary>
    /// The processes that are waited for: the members whose local state has not come. When none is missing, both ends
    /// of the channels whose messages have not come: the receiver may have been lost after it had recorded, and the
    /// sender may be damaged, so that its messages and its marker never arrive.
    /// </summary>
    public IEnumerable<ProcessId> Awaited => MissesLocalStates ? _missing : _totals.Ends.Concat(_rests.Ends).Distinct();

    /// <summary>Whether local states are missing.</summary>
    public bool MissesLocalStates => _missing.Count > 0;

    /// <summary>How many <see cref="UnknownProcesses"/> there are.</summary>
    public int Unknown => _rests.Unknown.Count;

    /// <summary>
    /// Processes that are named and are no members that were awake: at rest, or newcomers. Which, that <see cref="Found"/>
    /// says.
    /// </summary>
    public IEnumerable<ProcessId> UnknownProcesses => _rests.Unknown;

    /// <summary>Whether that process is waited for.</summary>
    public bool IsAwaited(ProcessId process) => MissesLocalStates
        ? _missing.Contains(process)
        : _totals.IsEnd(process) || _rests.Ends.Contains(process);

    /// <summary>
    /// Whether a report is there already, since its process was at rest when its shard was marked.
    /// </summary>
    public bool HasAtRest(Report report) =>
        report is LocalStateReport && report.HasRested && _rests.Sums.Processes > 0 && !(_processes.TryGetValue(report.Process, out var process) && process.IsMember);

    /// <summary>Checks that a report belongs here; changes nothing.</summary>
    /// <exception cref="ArgumentException">
    /// The report is of another snapshot or part, or of an unknown kind.
    /// </exception>
    public void Require(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Snapshot != _snapshot)
        {
            throw new ArgumentException($"a report of snapshot {report.Snapshot} came to {_snapshot}", nameof(report));
        }

        if (_partition.PartOf(report.Process) != _part)
        {
            throw new ArgumentException(
                $"{report.Process} is of part {_partition.PartOf(report.Process)}, not of {_part}", nameof(report));
        }

        if (report is not (LocalReport<TState> or ChannelReport<TMessage> or OverflowReport))
        {
            throw new ArgumentException($"{report.GetType().Name} is no report of this application", nameof(report));
        }
    }

    /// <summary>Takes a report.</summary>
    /// <exception cref="ArgumentException">
    /// The report is of another snapshot or part, or of an unknown kind; nothing has changed.
    /// </exception>
    public ReportVerdict Accept(Report report)
    {
        Require(report);
        if (report.Epoch != _epoch) return ReportVerdict.WrongEpoch;
        var process = OwnOf(report.Process);
        if (!report.HasRested) process.IsNewcomer = true;
        var isNew = report switch
        {
            LocalReport<TState> local => Add(process, local),
            ChannelReport<TMessage> channel => Add(channel),
            OverflowReport overflow => Add(overflow),
            _ => throw new InvalidOperationException("the kind of the report was checked"),
        };
        if (process.IsNewcomer && _rests.Unknown.Contains(process.Id)) Admit(process);
        ApplyAdmitted();
        return isNew ? ReportVerdict.Accepted : ReportVerdict.Duplicate;
    }

    /// <summary>
    /// The counts for another part, from that offset on, at most <paramref name="limit"/>; from the first one on if it
    /// asks a life that is over.
    /// </summary>
    public CountPage Tell(int to, HeardCounts heard, int limit)
    {
        var told = _told[to];
        var offset = heard.Life == _life ? Math.Min(heard.Count, told.Count) : 0;
        return new CountPage(_part, _life, offset, [.. told.Skip(offset).Take(limit)], told.Count);
    }

    /// <summary>How much was heard from a part; the next page is to follow on it.</summary>
    public HeardCounts HeardFrom(int part) => _heard[part];

    /// <summary>Takes what another part tells. A page that does not follow on what was heard changes nothing.</summary>
    /// <returns>Whether it has more to tell.</returns>
    public bool Hear(CountPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var heard = _heard[page.From];
        if (page.Offset == (heard.Life == page.Life ? heard.Count : 0))
        {
            foreach (var count in page.Counts) Hear(count);
            ApplyAdmitted();
            _heard[page.From] = new(page.Life, page.Offset + page.Counts.Length);
        }

        return _heard[page.From] != new HeardCounts(page.Life, page.Total);
    }

    /// <summary>
    /// Takes what processes at rest have counted on channels of the others. Those that are not at rest are newcomers: they
    /// are asked.
    /// </summary>
    public void Found(IEnumerable<ProcessId> processes, IReadOnlyDictionary<ProcessId, LocalStateReport> atRest)
    {
        ArgumentNullException.ThrowIfNull(processes);
        ArgumentNullException.ThrowIfNull(atRest);
        foreach (var process in processes.Where(_rests.Unknown.Contains))
        {
            if (atRest.TryGetValue(process, out var report)) _rests.Known(OwnOf(process), report);
            else Admit(OwnOf(process));
        }

        ApplyAdmitted();
    }

    /// <summary>How it stands.</summary>
    public PartStanding GetStanding()
    {
        var (atRest, open) = (_rests.Sums, _totals.Open + _rests.Open);
        return new(
            _part,
            _life,
            new CollectionProgress(
                _members - _missing.Count + atRest.Processes,
                _members + atRest.Processes,
                _totals.Known + atRest.Channels - open,
                _totals.Known + atRest.Channels,
                [.. MissesLocalStates
                    ? _missing.Take(CollectionProgress.MaxWaitingFor).Select(process => process.Value)
                    : _totals.FirstOpen(CollectionProgress.MaxWaitingFor).Concat(_rests.OpenNames).Take(CollectionProgress.MaxWaitingFor)]),
            _totals.Messages + _rests.Messages,
            [.. _told.Select(counts => counts.Count)],
            [.. _heard],
            _failure,
            _totals.Violation,
            _first)
        {
            Balance = atRest.Balance,
            Unknown = Unknown,
        };
    }

    private bool Add(PartProcess process, LocalReport<TState> report)
    {
        if (process.HasReported || HasAtRest(report)) return false;
        process.HasReported = true;
        (process.Sent, process.Delivered) = (report.Sent, report.Delivered);
        if (!process.IsMember) return true; // A stranger's counts are kept: a member may name it.
        _admitted.Enqueue(process);
        return true;
    }

    private bool Add(ChannelReport<TMessage> report)
    {
        var channel = ChannelOf(new(report.Source, report.Process));
        if (channel.Messages is not null) return false;
        channel.Messages = report.Messages.Length;
        channel.MessagesAfter = report.DeliveredBefore;
        Update(channel);
        return true;
    }

    private bool Add(OverflowReport report) =>
        Fail($"the recording of {report.Process} has outgrown its limit of {report.Limit} messages");

    /// <summary>The snapshot can never complete. False if that is known already; the first reason stands.</summary>
    public bool Fail(string reason)
    {
        if (_failure.Length > 0) return false;
        _failure = reason;
        return true;
    }

    /// <summary>The process becomes a member, and its local state is waited for.</summary>
    private void Admit(PartProcess process)
    {
        if (process.IsMember) return;
        process.IsMember = true;
        _members++;
        _missing.Add(process.Id);
        _rests.Unknown.Remove(process.Id);
        if (process.HasReported) _admitted.Enqueue(process);
        foreach (var channel in process.Channels) Update(channel);
    }

    private void Update(PartChannel channel)
    {
        _totals.Update(channel);
        if (_rests.Sums.Processes > 0) _rests.Update(channel);
    }

    /// <summary>
    /// Members that have reported: each process that they name with a count above zero is a member too, and so on.
    /// </summary>
    private void ApplyAdmitted()
    {
        while (_admitted.TryDequeue(out var process)) // Ends: each is taken once, as it leaves _missing for good.
        {
            _missing.Remove(process.Id);
            process.IsRecorded = true;
            foreach (var (peer, count) in process.Sent) Tell(new(new(process.Id, peer), ChannelEnd.Source, count));
            foreach (var (peer, count) in process.Delivered) Tell(new(new(peer, process.Id), ChannelEnd.Target, count));
            (process.Sent, process.Delivered) = ([], []);
            for (var index = 0; index < process.Channels.Count; index++)
            {
                var channel = process.Channels[index];
                if (channel.Id.Source == process.Id && channel.Delivered is not null) AnswerFor(channel);
                Update(channel);
            }
        }
    }

    /// <summary>
    /// The target has counted on a channel that its source did not have at its cut: so the source had sent nothing, and
    /// the target's part cannot know that it is a member unless it is told.
    /// </summary>
    private void AnswerFor(PartChannel channel)
    {
        if (channel.Sent is null) Tell(new(channel.Id, ChannelEnd.Source, default));
    }

    /// <summary>What a member of this part has counted: told to the part of the other end.</summary>
    private void Tell(EndCount count)
    {
        Set(count);
        var part = _partition.PartOf(count.Peer);
        if (part == _part) Hear(count);
        else _told[part].Add(count);
    }

    /// <summary>What was counted at the other end of a channel of a process of this part.</summary>
    private void Hear(EndCount count)
    {
        var channel = Set(count);
        var process = OwnOf(count.Peer);
        if (!process.IsMember && count.Count.Value > 0)
        {
            // It may be at rest: it is looked up if the balance says that something is missing.
            if (_rests.Sums.Processes == 0 || process.IsNewcomer) Admit(process);
            else if (!process.IsAtRest) _rests.Unknown.Add(process.Id);
        }

        if (count.End == ChannelEnd.Target && process.IsRecorded) AnswerFor(channel);
    }

    private PartChannel Set(EndCount count)
    {
        var channel = ChannelOf(count.Channel);
        if (count.End == ChannelEnd.Source) channel.Sent ??= count.Count;
        else channel.Delivered ??= count.Count;
        Update(channel);
        return channel;
    }

    private PartProcess OwnOf(ProcessId id)
    {
        if (_processes.TryGetValue(id, out var process)) return process;
        if (_partition.PartOf(id) != _part) throw new ArgumentException($"{id} is of part {_partition.PartOf(id)}, not of {_part}", nameof(id));
        process = new PartProcess(id);
        _processes.Add(id, process);
        return process;
    }

    private PartChannel ChannelOf(ChannelId id)
    {
        if (_channels.TryGetValue(id, out var channel)) return channel;
        channel = new PartChannel(id, EndOf(id.Source), EndOf(id.Target));
        _channels.Add(id, channel);
        channel.Source?.Channels.Add(channel);
        if (channel.Target != channel.Source) channel.Target?.Channels.Add(channel);
        return channel;
    }

    private PartProcess? EndOf(ProcessId process) => _partition.PartOf(process) == _part ? OwnOf(process) : null;
}
