namespace Snapshots.Scripts;

/// <summary>
/// Describes what a snapshot recorded, in the words of a script; an expectation holds when the words are equal.
/// </summary>
internal static class Recorded
{
    private const string NotYet = "not recorded yet";

    public static string Describe(IEnumerable<string> messages) =>
        string.Join(' ', messages.DefaultIfEmpty("empty"));

    public static string Describe(bool isComplete) => isComplete ? "complete" : "running";

    /// <summary><c>deadlock A B</c>, or <c>no deadlock</c>.</summary>
    public static string Describe(string property, IEnumerable<ProcessId> found)
    {
        var names = string.Join(' ', found.Distinct().Order());
        return names.Length == 0 ? $"no {property}" : $"{property} {names}";
    }

    public static string DescribeProcess<TState, TMessage>(
        SnapshotReading<TState, TMessage> reading, ProcessId process, Func<TState, string> describe) =>
        Find(reading, process) is { } found ? describe(found.State) : Missing(reading, process);

    /// <summary>Describes a property of the global state, which is known when the snapshot is complete.</summary>
    public static string DescribeFound<TState, TMessage>(
        SnapshotReading<TState, TMessage> reading, ScriptApplication<TState, TMessage> application) =>
        reading.IsComplete ? Describe(application.Property, application.Find(reading.Recorded)) : NotYet;

    /// <summary>
    /// A channel's state is known once both ends have recorded and its messages in transit are reported.
    /// </summary>
    public static string DescribeChannel<TState, TMessage>(
        SnapshotReading<TState, TMessage> reading, ChannelId channel, Func<TMessage, string> describe)
    {
        if (Find(reading, channel.Source) is null) return Missing(reading, channel.Source);
        if (Find(reading, channel.Target) is null) return Missing(reading, channel.Target);
        var state = reading.Recorded.Channels.FirstOrDefault(each => each.Channel == channel);
        if (state is null) return Describe([]);
        return state.Messages.Length == state.Sent.Value - state.Delivered.Value
            ? Describe(state.Messages.Select(message => describe(message.Message)))
            : NotYet;
    }

    /// <summary>Adds the declared channels between members that carried nothing before the cut.</summary>
    public static GlobalState<TState, TMessage> WithDeclaredChannels<TState, TMessage>(
        GlobalState<TState, TMessage> state, IEnumerable<ChannelId> declared)
    {
        var members = state.Processes.Select(process => process.Id).ToHashSet();
        var channels = new SortedDictionary<ChannelId, ChannelState<TMessage>>();
        foreach (var channel in declared)
        {
            if (!members.Contains(channel.Source) || !members.Contains(channel.Target)) continue;
            channels.Add(channel, new(channel, default, default, []));
        }

        foreach (var channel in state.Channels) channels[channel.Channel] = channel;
        return state with { Channels = [.. channels.Values] };
    }

    private static ProcessState<TState>? Find<TState, TMessage>(
        SnapshotReading<TState, TMessage> reading, ProcessId process) =>
        reading.Recorded.Processes.FirstOrDefault(each => each.Id == process);

    private static string Missing<TState, TMessage>(SnapshotReading<TState, TMessage> reading, ProcessId process) =>
        reading.IsComplete ? $"{process} is not a member" : NotYet;
}
