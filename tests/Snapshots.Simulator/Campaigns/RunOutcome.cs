using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// What a run comes to for the application, however it was scheduled: the last state of each process, and for each
/// channel the transfers that it carried, in order, and the returns, in order. How transfers and returns lie between
/// each other is left to the schedule.
/// </summary>
internal sealed class RunOutcome
{
    private readonly SortedDictionary<ProcessId, LedgerState> _states = [];
    private readonly SortedDictionary<ChannelId, (List<LedgerMessage> Transfers, List<LedgerMessage> Returns)> _channels = [];

    public static RunOutcome Of(LedgerTrace trace)
    {
        var outcome = new RunOutcome();
        foreach (var rest in trace.Events.OfType<ProcessAtRest<LedgerState, LedgerMessage>>()) outcome.End(rest.Record.Id, rest.Record.State);
        foreach (var channel in trace.Index.Channels)
        {
            foreach (var (_, message) in channel.Sent) outcome.Send(channel.Channel, message);
        }

        return outcome;
    }

    public void End(ProcessId process, LedgerState state)
    {
        if (state.Steps > 0) _states[process] = state;
    }

    public void Send(ChannelId channel, LedgerMessage message)
    {
        if (!_channels.TryGetValue(channel, out var messages)) _channels.Add(channel, messages = ([], []));
        (message.IsReturn ? messages.Returns : messages.Transfers).Add(message);
    }

    /// <summary>The first difference in one line; none if both are the same.</summary>
    public string? FindDifference(RunOutcome other)
    {
        foreach (var process in _states.Keys.Union(other._states.Keys).Order())
        {
            var (here, there) = (_states.GetValueOrDefault(process), other._states.GetValueOrDefault(process));
            if (here != there) return $"{process} ends as {here}, and as {there}";
        }

        foreach (var channel in _channels.Keys.Union(other._channels.Keys).Order())
        {
            var hasBoth = _channels.TryGetValue(channel, out var here) & other._channels.TryGetValue(channel, out var there);
            if (!hasBoth || !here.Transfers.SequenceEqual(there.Transfers) || !here.Returns.SequenceEqual(there.Returns)) return $"{channel} carried other messages";
        }

        return null;
    }
}
