using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>All messages of one channel, as the steps of its two ends tell.</summary>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="Channel">The channel.</param>
public sealed record ChannelHistory<TMessage>(ChannelId Channel)
{
    /// <summary>What was sent, in order, with the place of the step in its process's history.</summary>
    public IReadOnlyList<(int Place, TMessage Message)> Sent => SentList;

    /// <summary>What was delivered, in order, with the place of the step in its process's history.</summary>
    public IReadOnlyList<(int Place, TMessage Message)> Delivered => DeliveredList;

    internal List<(int Place, TMessage Message)> SentList { get; } = [];

    internal List<(int Place, TMessage Message)> DeliveredList { get; } = [];

    /// <summary>How many messages were sent in steps before a place.</summary>
    public int SentBefore(int place) => CountBefore(SentList, place);

    /// <summary>How many messages were delivered in steps before a place.</summary>
    public int DeliveredBefore(int place) => CountBefore(DeliveredList, place);

    private static int CountBefore(List<(int Place, TMessage Message)> messages, int place)
    {
        var count = 0;
        while (count < messages.Count && messages[count].Place < place) count++;
        return count;
    }
}
