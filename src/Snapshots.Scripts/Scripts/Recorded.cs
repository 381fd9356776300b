using System.Globalization;

namespace Snapshots.Scripts;

/// <summary>
/// Describes what a snapshot recorded, in the words of a script; an expectation holds when the words are equal.
/// </summary>
internal static class Recorded
{
    private const string NotYet = "not recorded yet";

    public static string Describe(long tokens) => tokens.ToString(CultureInfo.InvariantCulture);

    public static string Describe(ImmutableArray<long> amounts) =>
        amounts.IsEmpty ? "empty" : string.Join(' ', amounts);

    public static string Describe(bool isComplete) => isComplete ? "complete" : "running";

    public static string DescribeProcess(SnapshotReading reading, ProcessId process) =>
        Find(reading, process) is { } found ? Describe(found.State.Tokens) : Missing(reading, process);

    /// <summary>
    /// A channel's state is known once both ends have recorded and its messages in transit are reported.
    /// </summary>
    public static string DescribeChannel(SnapshotReading reading, ChannelId channel)
    {
        if (Find(reading, channel.Source) is null) return Missing(reading, channel.Source);
        if (Find(reading, channel.Target) is null) return Missing(reading, channel.Target);
        var state = reading.Recorded.Channels.FirstOrDefault(each => each.Channel == channel);
        if (state is null) return Describe([]);
        return state.Messages.Length == state.Sent.Value - state.Delivered.Value
            ? Describe([.. state.Messages.Select(message => message.Message.Amount)])
            : NotYet;
    }

    /// <summary>Adds the declared channels between members that carried nothing before the cut.</summary>
    public static GlobalState<TokenState, TokenMessage> WithDeclaredChannels(
        GlobalState<TokenState, TokenMessage> state, IEnumerable<ChannelId> declared)
    {
        var members = state.Processes.Select(process => process.Id).ToHashSet();
        var channels = new SortedDictionary<ChannelId, ChannelState<TokenMessage>>();
        foreach (var channel in declared)
        {
            if (!members.Contains(channel.Source) || !members.Contains(channel.Target)) continue;
            channels.Add(channel, new(channel, default, default, []));
        }

        foreach (var channel in state.Channels) channels[channel.Channel] = channel;
        return state with { Channels = [.. channels.Values] };
    }

    private static ProcessState<TokenState>? Find(SnapshotReading reading, ProcessId process) =>
        reading.Recorded.Processes.FirstOrDefault(each => each.Id == process);

    private static string Missing(SnapshotReading reading, ProcessId process) =>
        reading.IsComplete ? $"{process} is not a member" : NotYet;
}
