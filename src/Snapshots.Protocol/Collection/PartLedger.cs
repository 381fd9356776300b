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

    /// <summary>Members whose local state is being stored: they are not waited for.</summary>
    private readonly HashSet<ProcessId> _expected = [];
    private readonly Queue<PartProcess> _admitted = new();
    private readonly List<EndCount>[] _told;
    private readonly HeardCounts[] _heard;
    private readonly ChannelTotals _totals = new();
    private string _failure = string.Empty;
    private int _members;
    private ProcessId _first;

    /// <summary>Starts an empty ledger.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="epoch">The one epoch that all reports must be of.</param>
    /// <param name="partition">How processes are split.</param>
    /// <param name="part">Which part this is.</param>
    /// <param name="life">A number that no other life of this part in memory has.</param>
    /// <param name="members">The members of this part that the directory knew.</param>
    /// <param name="reported">Those whose local states are there, and will be taken when they are stored.</param>
    /// <exception cref="ArgumentException">A member is of another part.</exception>
    public PartLedger(
        SnapshotNumber snapshot,
        Epoch epoch,
        Partition partition,
        int part,
        long life,
        IEnumerable<ProcessId> members,
        IReadOnlySet<ProcessId>? reported = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        (_snapshot, _epoch, _partition, _part, _life) = (snapshot, epoch, partition, part, life);
        _told = [.. Enumerable.Range(0, partition.Count).Select(_ => new List<EndCount>())];
        _heard = new HeardCounts[partition.Count];
        foreach (var member in members) Admit(OwnOf(member), reported?.Contains(member) == true ? _expected : _missing);
    }

    /// <summary>
    /// The processes that are waited for: the members whose local state has not come. When none is missing, both ends
    /// of the channels whose messages have not come: the receiver may have been lost after it had recorded, and the
    /// sender may be damaged, so that its messages and its marker never arrive.
    /// </summary>
    public IEnumerable<ProcessId> Awaited => MissesLocalStates ? _missing : _totals.Ends;

    /// <summary>Whether local states are missing.</summary>
    public bool MissesLocalStates => _missing.Count + _expected.Count > 0;

    /// <summary>Whether that process is waited for.</summary>
    public bool IsAwaited(ProcessId process) => MissesLocalStates ? _missing.Contains(process) : _totals.IsEnd(process);

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
        var isNew = report switch
        {
            LocalReport<TState> local => Add(process, local),
            ChannelReport<TMessage> channel => Add(channel),
            OverflowReport overflow => Add(overflow),
            _ => throw new InvalidOperationException("the kind of the report was checked"),
        };
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

    /// <summary>How it stands.</summary>
    public PartStanding GetStanding() => new(
        _part,
        _life,
        new CollectionProgress(
            _members - _missing.Count - _expected.Count,
            _members,
            _totals.Known - _totals.Open,
            _totals.Known,
            [.. MissesLocalStates
                ? _missing.Concat(_expected).Take(CollectionProgress.MaxWaitingFor).Select(process => process.Value)
                : _totals.FirstOpen(CollectionProgress.MaxWaitingFor)]),
        _totals.Messages,
        [.. _told.Select(counts => counts.Count)],
        [.. _heard],
        _failure,
        _totals.Violation,
        _first);

    private bool Add(PartProcess process, LocalReport<TState> report)
    {
        if (process.HasReported) return false;
        process.HasReported = true;
        (process.Sent, process.Delivered) = (report.Sent, report.Delivered);
        if (!process.IsMember) return true; // A stranger's counts are kept: a member may name it.
        _admitted.Enqueue(process);
        ApplyAdmitted();
        return true;
    }

    private bool Add(ChannelReport<TMessage> report)
    {
        var channel = ChannelOf(new(report.Source, report.Process));
        if (channel.Messages is not null) return false;
        channel.Messages = report.Messages.Length;
        channel.MessagesAfter = report.DeliveredBefore;
        _totals.Update(channel);
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

    /// <summary>The process becomes a member, and is put among those that have not reported.</summary>
    private void Admit(PartProcess process, ISet<ProcessId> unreported)
    {
        if (process.IsMember) return;
        process.IsMember = true;
        _members++;
        if (_first == default || process.Id < _first) _first = process.Id;
        unreported.Add(process.Id);
        if (process.HasReported) _admitted.Enqueue(process);
        foreach (var channel in process.Channels) _totals.Update(channel);
    }

    /// <summary>
    /// Members that have reported: each process that they name with a count above zero is a member too, and so on.
    /// </summary>
    private void ApplyAdmitted()
    {
        while (_admitted.TryDequeue(out var process)) // Ends: each is taken once, as it leaves _missing for good.
        {
            if (!_expected.Remove(process.Id)) _missing.Remove(process.Id);
            process.IsRecorded = true;
            foreach (var (peer, count) in process.Sent) Tell(new(new(process.Id, peer), ChannelEnd.Source, count));
            foreach (var (peer, count) in process.Delivered) Tell(new(new(peer, process.Id), ChannelEnd.Target, count));
            (process.Sent, process.Delivered) = ([], []);
            for (var index = 0; index < process.Channels.Count; index++)
            {
                var channel = process.Channels[index];
                if (channel.Id.Source == process.Id && channel.Delivered is not null) AnswerFor(channel);
                _totals.Update(channel);
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
        if (count.Count.Value > 0) Admit(process, _missing);
        if (count.End == ChannelEnd.Target && process.IsRecorded) AnswerFor(channel);
    }

    private PartChannel Set(EndCount count)
    {
        var channel = ChannelOf(count.Channel);
        if (count.End == ChannelEnd.Source) channel.Sent ??= count.Count;
        else channel.Delivered ??= count.Count;
        _totals.Update(channel);
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
