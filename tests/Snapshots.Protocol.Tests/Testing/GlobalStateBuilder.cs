namespace Snapshots.Protocol;

/// <summary>
/// Gathers the reports of one snapshot into a global state. It completes when the certificate holds, and not before;
/// being done with every channel is no condition, since two equal counts prove a channel empty without its marker.
/// </summary>
/// <remarks>
/// The members start as the processes that the directory knew, and grow by every process that a member's report names
/// with a count above zero. Reports may come in any order, more than once, and from strangers. Not safe for concurrent
/// use.
/// </remarks>
/// <typeparam name="TState">
/// The application's state of one process, or whatever form of it the reports carry.
/// </typeparam>
/// <typeparam name="TMessage">What the application sends, or whatever form of it the reports carry.</typeparam>
public sealed class GlobalStateBuilder<TState, TMessage>
{
    private readonly SortedSet<ProcessId> _members = [];
    private readonly SortedSet<ProcessId> _missing = [];
    private readonly SortedDictionary<ProcessId, LocalReport<TState>> _locals = [];
    private readonly Dictionary<ChannelId, ChannelReport<TMessage>> _channels = [];

    /// <summary>The channels whose messages have not come; known only once every member has reported.</summary>
    private HashSet<ChannelId>? _openChannels;

    /// <summary>Starts the collection of a snapshot over the processes that the directory knew.</summary>
    public GlobalStateBuilder(SnapshotNumber snapshot, Epoch epoch, IEnumerable<ProcessId> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        Snapshot = snapshot;
        Epoch = epoch;
        foreach (var member in members) AddMember(member);
        Evaluate();
    }

    /// <summary>The snapshot.</summary>
    public SnapshotNumber Snapshot { get; }

    /// <summary>The one epoch that all reports must be of.</summary>
    public Epoch Epoch { get; }

    /// <summary>How far the collection is.</summary>
    public CollectionStatus Status { get; private set; }

    /// <summary>Why it failed; empty unless it did.</summary>
    public string FailureReason { get; private set; } = string.Empty;

    /// <summary>
    /// The members whose local state has not come, in order. They are to be asked to record, again and again.
    /// </summary>
    public IReadOnlyCollection<ProcessId> Missing => _missing;

    /// <summary>The members known so far, in order.</summary>
    public IReadOnlyCollection<ProcessId> Members => _members;

    /// <summary>Takes a report.</summary>
    /// <exception cref="ArgumentException">
    /// The report is of another snapshot or of an unknown kind; nothing has changed.
    /// </exception>
    public ReportVerdict Accept(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Snapshot != Snapshot) throw new ArgumentException($"a report of snapshot {report.Snapshot} came to {Snapshot}", nameof(report));
        if (report.Epoch != Epoch) return ReportVerdict.WrongEpoch;
        var isNew = report switch
        {
            LocalReport<TState> local => Add(local),
            ChannelReport<TMessage> channel => _channels.TryAdd(new ChannelId(channel.Source, channel.Process), channel),
            OverflowReport overflow => Fail($"the recording of {overflow.Process} has outgrown its limit of {overflow.Limit} messages"),
            _ => throw new ArgumentException($"{report.GetType().Name} is no report of this application", nameof(report)),
        };
        if (!isNew) return ReportVerdict.Duplicate;
        if (report is ChannelReport<TMessage> { Source: var source, Process: var target }) _openChannels?.Remove(new ChannelId(source, target));
        Evaluate();
        return ReportVerdict.Accepted;
    }

    /// <summary>How much is there. Its cost grows with the number of channels.</summary>
    public CollectionProgress GetProgress()
    {
        var channels = ChannelStates();
        var open = channels.Where(IsOpen).Select(channel => channel.Channel).ToList();
        var waiting = _missing.Count > 0 ? _missing.Select(process => process.Value) : open.Select(channel => channel.ToString());
        return new CollectionProgress(
            _members.Count - _missing.Count,
            _members.Count,
            channels.Count - open.Count,
            channels.Count,
            [.. waiting.Take(CollectionProgress.MaxWaitingFor)]);
    }

    /// <summary>The global state.</summary>
    /// <exception cref="InvalidOperationException">The collection is not complete.</exception>
    public GlobalState<TState, TMessage> ToGlobalState() => Status == CollectionStatus.Complete
        ? Assemble()
        : throw new InvalidOperationException($"snapshot {Snapshot} is not complete");

    private bool Add(LocalReport<TState> report)
    {
        if (!_locals.TryAdd(report.Process, report)) return false;
        if (_members.Contains(report.Process)) DrawIn(report);
        return true;
    }

    /// <summary>A member has reported: each process that it names with a count above zero is a member too, and so on.</summary>
    private void DrawIn(LocalReport<TState> report)
    {
        var reported = new Queue<LocalReport<TState>>([report]);
        while (reported.TryDequeue(out var next)) // Ends: each process is taken once, since it leaves _missing for good.
        {
            _missing.Remove(next.Process);
            foreach (var (peer, count) in next.Sent.Concat(next.Delivered))
            {
                if (count.Value > 0 && AddMember(peer) && _locals.TryGetValue(peer, out var stranger)) reported.Enqueue(stranger);
            }
        }
    }

    private bool AddMember(ProcessId process) => _members.Add(process) && _missing.Add(process);

    private void Evaluate()
    {
        if (Status != CollectionStatus.Running || _missing.Count > 0) return;
        _openChannels ??= [.. ChannelStates().Where(IsOpen).Select(channel => channel.Channel)];
        if (_openChannels.Count > 0) return;
        var violations = Certificate.Check(Assemble());
        if (violations.IsEmpty) Status = CollectionStatus.Complete;
        else Fail($"the certificate does not hold: {violations[0]}");
    }

    private bool Fail(string reason)
    {
        if (Status != CollectionStatus.Running) return false;
        Status = CollectionStatus.Failed;
        FailureReason = reason;
        return true;
    }

    /// <summary>A channel whose messages, or one of whose ends, are still to come.</summary>
    private bool IsOpen(ChannelState<TMessage> channel) =>
        !_locals.ContainsKey(channel.Channel.Source)
        || !_locals.ContainsKey(channel.Channel.Target)
        || (channel.Sent > channel.Delivered && channel.Messages.IsEmpty);

    private GlobalState<TState, TMessage> Assemble() => new(
        [.. _members.Select(member => new ProcessState<TState>(member, _locals[member].State))],
        [.. ChannelStates()]);

    private List<ChannelState<TMessage>> ChannelStates()
    {
        var counts = new Dictionary<ChannelId, (MessageCount Sent, MessageCount Delivered)>();
        foreach (var member in _members)
        {
            if (!_locals.TryGetValue(member, out var local)) continue;
            foreach (var (peer, count) in local.Sent)
            {
                if (!_members.Contains(peer)) continue;
                var id = new ChannelId(member, peer);
                counts[id] = (count, counts.GetValueOrDefault(id).Delivered);
            }

            foreach (var (peer, count) in local.Delivered)
            {
                if (!_members.Contains(peer)) continue;
                var id = new ChannelId(peer, member);
                counts[id] = (counts.GetValueOrDefault(id).Sent, count);
            }
        }

        return [.. counts.OrderBy(pair => pair.Key).Select(pair => new ChannelState<TMessage>(pair.Key, pair.Value.Sent, pair.Value.Delivered, MessagesOf(pair.Key)))];
    }

    private ImmutableArray<NumberedMessage<TMessage>> MessagesOf(ChannelId channel) => !_channels.TryGetValue(channel, out var report)
        ? []
        : [.. report.Messages.Select((message, index) =>
            new NumberedMessage<TMessage>(new MessageCount(report.DeliveredBefore.Value + index + 1), message))];
}
