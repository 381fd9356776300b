using Snapshots.Protocol;

namespace Snapshots.Documents;

/// <summary>
/// What a document must satisfy beside the rules of <see cref="Certificate"/>; each failure is one line.
/// </summary>
internal static class GlobalStateChecks
{
    /// <summary>
    /// The largest amount of one message: the largest integer up to which a double tells all integers apart.
    /// </summary>
    private const long MaxAmount = (1L << 53) - 1;

    /// <summary>
    /// Processes, and channels by source and target, stand in ordinal order. That none stands twice is the
    /// certificate's.
    /// </summary>
    public static IEnumerable<string> CheckOrder(GlobalState<Figures, long> state)
    {
        foreach (var (before, after) in state.Processes.Zip(state.Processes.Skip(1)))
        {
            if (before.Id > after.Id) yield return $"process {after.Id}: stands after {before.Id}, out of order";
        }

        foreach (var (before, after) in state.Channels.Zip(state.Channels.Skip(1)))
        {
            var (first, second) = (before.Channel, after.Channel);
            if (first > second) yield return $"channel {second}: stands after {first}, out of order";
        }
    }

    /// <summary>The initiator and both ends of every channel are processes of the document.</summary>
    public static IEnumerable<string> CheckMembers(ProcessId initiator, GlobalState<Figures, long> state)
    {
        var members = state.Processes.Select(process => process.Id).ToHashSet();
        if (initiator == default && members.Count > 0) yield return "initiator: none is named";
        if (initiator != default && !members.Contains(initiator)) yield return $"initiator: {initiator} is no process of the document";
        foreach (var id in state.Channels.Select(channel => channel.Channel))
        {
            var (source, target) = id;
            if (source == target) yield return $"channel {id}: leads from a process to itself";
            if (!members.Contains(source)) yield return $"channel {id}: {source} is no process of the document";
            if (!members.Contains(target)) yield return $"channel {id}: {target} is no process of the document";
        }
    }

    /// <summary>Nobody holds less than nothing, and every message carries something that a message can carry.</summary>
    public static IEnumerable<string> CheckAmounts(GlobalState<Figures, long> state)
    {
        foreach (var (id, (balance, deposited, withdrawn)) in state.Processes)
        {
            if (balance < 0) yield return $"process {id}: the balance {balance} is negative";
            if (deposited < 0) yield return $"process {id}: deposited {deposited} is negative";
            if (withdrawn < 0) yield return $"process {id}: withdrawn {withdrawn} is negative";
        }

        foreach (var channel in state.Channels)
        {
            foreach (var (number, amount) in channel.Messages)
            {
                if (amount is >= 1 and <= MaxAmount) continue;
                yield return
                    $"channel {channel.Channel}: the amount {amount} of message {number} is not in 1 … {MaxAmount}";
            }
        }
    }
}
