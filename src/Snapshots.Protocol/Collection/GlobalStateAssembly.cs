using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// Puts the stored reports of a completed snapshot together as a global state. It decides nothing: whether the state is
/// consistent is for <see cref="Certificate"/> to say.
/// </summary>
/// <remarks>
/// The members are those that the directory knew, and every process that a member's report names with a count above
/// zero. Of reports that come twice the first one counts. Not safe for concurrent use.
/// </remarks>
/// <typeparam name="TState">
/// The application's state of one process, or whatever form of it the reports carry.
/// </typeparam>
/// <typeparam name="TMessage">What the application sends, or whatever form of it the reports carry.</typeparam>
public sealed class GlobalStateAssembly<TState, TMessage>
{
    private readonly IReadOnlyCollection<ProcessId> _members;
    private readonly Dictionary<ProcessId, LocalReport<TState>> _locals = [];
    private readonly Dictionary<ChannelId, ChannelReport<TMessage>> _channels = [];

    /// <summary>Starts with the members that the directory knew; more may come until it is put together.</summary>
    public GlobalStateAssembly(IReadOnlyCollection<ProcessId> members) => _members = members;

    /// <summary>Adds a report.</summary>
    public void Add(Report report)
    {
        if (report is LocalReport<TState> local) _locals.TryAdd(local.Process, local);
        else if (report is ChannelReport<TMessage> channel) _channels.TryAdd(new(channel.Source, channel.Process), channel);
    }

    /// <summary>Puts the state together.</summary>
    /// <returns>
    /// The state, and the members whose local state has not come, in order; the state is without them.
    /// </returns>
    public (GlobalState<TState, TMessage> State, ImmutableArray<ProcessId> Missing) Assemble()
    {
        var members = new SortedSet<ProcessId>(_members);
        var named = new Queue<ProcessId>(_members);
        while (named.TryDequeue(out var member)) // Ends: each process is queued once.
        {
            if (!_locals.TryGetValue(member, out var local)) continue;
            foreach (var (peer, count) in local.Sent.Concat(local.Delivered))
            {
                if (count.Value > 0 && members.Add(peer)) named.Enqueue(peer);
            }
        }

        var recorded = members.Where(_locals.ContainsKey).Select(member => new ProcessState<TState>(member, _locals[member].State));
        return (new([.. recorded], ChannelsAmong(members)), [.. members.Where(member => !_locals.ContainsKey(member))]);
    }

    private ImmutableArray<ChannelState<TMessage>> ChannelsAmong(SortedSet<ProcessId> members)
    {
        var counts = new Dictionary<ChannelId, (MessageCount Sent, MessageCount Delivered)>();
        foreach (var member in members)
        {
            if (!_locals.TryGetValue(member, out var local)) continue;
            foreach (var (peer, count) in local.Sent)
            {
                var id = new ChannelId(member, peer);
                if (members.Contains(peer)) counts[id] = (count, counts.GetValueOrDefault(id).Delivered);
            }

            foreach (var (peer, count) in local.Delivered)
            {
                var id = new ChannelId(peer, member);
                if (members.Contains(peer)) counts[id] = (counts.GetValueOrDefault(id).Sent, count);
            }
        }

        return
        [
            .. counts.OrderBy(pair => pair.Key).Select(
                pair => new ChannelState<TMessage>(pair.Key, pair.Value.Sent, pair.Value.Delivered, MessagesOf(pair.Key))),
        ];
    }

    private ImmutableArray<NumberedMessage<TMessage>> MessagesOf(ChannelId channel) => !_channels.TryGetValue(channel, out var report)
        ? []
        : [.. report.Messages.Select((message, index) =>
            new NumberedMessage<TMessage>(new MessageCount(report.DeliveredBefore.Value + index + 1), message))];
}
