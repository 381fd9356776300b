using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// The counts by which a global state proves its own consistency: a cut is consistent exactly when no message was
/// received before it that was not sent before it (Chandy and Lamport 1985, section 2.3; Mattern 1989, section 3), and
/// complete exactly when what was sent and not received stands in the channel states. Both can be told from two counts
/// per channel, so anyone can check.
/// </summary>
/// <remarks>
/// It proves counts and channels. That a local state belongs to its counts follows from recording both in one step,
/// which no document can prove.
/// </remarks>
public static class Certificate
{
    /// <summary>
    /// Checks all rules, and returns every violation in the order of the channels; none when the certificate holds.
    /// </summary>
    public static ImmutableArray<Violation> Check<TState, TMessage>(GlobalState<TState, TMessage> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var violations = ImmutableArray.CreateBuilder<Violation>();
        var members = new HashSet<ProcessId>();
        foreach (var process in state.Processes)
        {
            if (!members.Add(process.Id)) violations.Add(new(CertificateRule.Unique, process.Id.Value, "is listed twice"));
        }

        var channels = new HashSet<ChannelId>();
        foreach (var channel in state.Channels)
        {
            var subject = channel.Channel.ToString();
            if (!channels.Add(channel.Channel)) violations.Add(new(CertificateRule.Unique, subject, "is listed twice"));
            if (CheckCounts(channel) is { } orphan) violations.Add(orphan);
            else if (CheckMessages(channel) is { } wrong) violations.Add(wrong);
            if (CheckEnds(channel, members) is { } outside) violations.Add(outside);
        }

        return violations.ToImmutable();
    }

    private static Violation? CheckCounts<TMessage>(ChannelState<TMessage> channel) => channel.Delivered <= channel.Sent
        ? null
        : new(CertificateRule.NoOrphan, channel.Channel.ToString(), $"{channel.Delivered} delivered, {channel.Sent} sent");

    private static Violation? CheckMessages<TMessage>(ChannelState<TMessage> channel)
    {
        var expected = channel.Sent.Value - channel.Delivered.Value;
        if (channel.Messages.Length != expected)
        {
            return new(
                CertificateRule.ChannelState,
                channel.Channel.ToString(),
                $"{expected} messages were in transit, {channel.Messages.Length} are recorded");
        }

        var number = channel.Delivered;
        foreach (var message in channel.Messages)
        {
            number = number.Next;
            if (message.Number != number)
            {
                return new(
                    CertificateRule.ChannelState, channel.Channel.ToString(), $"message {message.Number} stands in the place of {number}");
            }
        }

        return null;
    }

    private static Violation? CheckEnds<TMessage>(ChannelState<TMessage> channel, HashSet<ProcessId> members)
    {
        if (channel.Sent.Value == 0 && channel.Delivered.Value == 0) return null;
        var (source, target) = channel.Channel;
        if (members.Contains(source) && members.Contains(target)) return null;
        var outsider = members.Contains(source) ? target : source;
        return new(CertificateRule.Closed, channel.Channel.ToString(), $"{outsider} is no member of the global state");
    }
}
