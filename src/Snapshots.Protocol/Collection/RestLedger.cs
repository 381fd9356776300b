namespace Snapshots.Protocol;

/// <summary>
/// What one part of a collection knows of its members at rest: their number and sums, and not their names. What others
/// count on channels from and to them is added to the sums, so that the channels on which nothing is in transit cancel
/// out.
/// </summary>
/// <remarks>
/// A channel on which something is in transit does not cancel out until its state has come: the receiver was woken by the
/// message, and reports what it delivered after the cut. If that takes long, the ends of the channels are looked up
/// (<see cref="Known"/>), so that it is known which channels are open, and whom to ask.
/// </remarks>
internal sealed class RestLedger(RestSums atRest)
{
    private readonly SortedSet<ChannelId> _open = [];
    private HashSet<ProcessId>? _ends;

    /// <summary>The members at rest, with what others count on channels from and to them.</summary>
    public RestSums Sums { get; private set; } = atRest;

    /// <summary>Messages in the states of channels to members at rest.</summary>
    public long Messages { get; private set; }

    /// <summary>Processes that others name with a count: at rest or newcomers.</summary>
    public SortedSet<ProcessId> Unknown { get; } = [];

    /// <summary>Channels of which it was looked up that something is in transit that has not come.</summary>
    public int Open => _open.Count;

    /// <summary>The names of the open channels, in order.</summary>
    public IEnumerable<string> OpenNames => _open.Select(channel => channel.ToString());

    /// <summary>The senders and receivers of the open channels.</summary>
    public IReadOnlySet<ProcessId> Ends => _ends ??= [.. _open.SelectMany(channel => new[] { channel.Source, channel.Target })];

    /// <summary>Something that the channel depends on may have changed.</summary>
    public void Update(PartChannel channel)
    {
        var (before, messagesBefore) = channel.CountedAtRest;
        var (now, messages) = channel.CountedAtRest = Of(channel);
        Sums += now with
        {
            Processes = 0,
            Channels = now.Channels - before.Channels,
            Balance = unchecked(now.Balance - before.Balance),
        };
        Messages += messages - messagesBefore;
        if (channel.IsOpenAtRest ? _open.Add(channel.Id) : _open.Remove(channel.Id)) _ends = null;
    }

    /// <summary>A process was looked up: it is at rest, and has counted this.</summary>
    public void Known(PartProcess process, LocalStateReport report)
    {
        Unknown.Remove(process.Id);
        process.IsAtRest = true;
        var sent = report.Sent.ToDictionary(count => count.Peer, count => count.Count);
        var delivered = report.Delivered.ToDictionary(count => count.Peer, count => count.Count);
        foreach (var channel in process.Channels)
        {
            if (channel.Source == process) channel.SentAtRest = sent.GetValueOrDefault(channel.Id.Target);
            if (channel.Target == process) channel.DeliveredAtRest = delivered.GetValueOrDefault(channel.Id.Source);
            Update(channel);
        }
    }

    /// <summary>What is counted of a channel with an end that is no member that was awake.</summary>
    private static (RestSums Sums, long Messages) Of(PartChannel channel)
    {
        var (channels, balance, messages) = (0, UInt128.Zero, 0L);
        unchecked
        {
            if (channel.Target is { IsMember: false })
            {
                balance += CountDigest.Of(channel.Id, channel.Sent ?? default);
                if (channel.Messages is { } count)
                {
                    var after = channel.MessagesAfter;
                    balance += CountDigest.Of(channel.Id, after) - CountDigest.Of(channel.Id, new(after.Value + count));
                    messages = count;
                    if (after == default) channels++; // The others have it among what was delivered.
                }
            }

            if (channel.Source is { IsMember: false } && channel.Delivered is { } delivered)
            {
                balance -= CountDigest.Of(channel.Id, delivered);
                channels++;
            }
        }

        return (new(0, channels, balance), messages);
    }
}
