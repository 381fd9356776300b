using Orleans.Serialization;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Checks before a restore closes anything that every state, message and memory of keys of its source can be read: after
/// the commit there is no way back.
/// </summary>
internal interface ISourceCheck
{
    /// <summary>The first part of a report that cannot be read, and why; none if all can.</summary>
    string? FindFault(Report report);
}

/// <summary>The check of one application.</summary>
internal sealed class SourceCheck<TState, TMessage>(Serializer<TState> states, Serializer<TMessage> messages) : ISourceCheck
{
    public string? FindFault(Report report)
    {
        if (report is LocalReport<StatePayload> local)
        {
            if (Try(() => states.Deserialize(local.State.State.Bytes)) is { } unread) return $"the state of {local.Process}: {unread}";
            if (Try(() => RequestMemoryCodec.FromPayload(local.State.Requests)) is { } keys) return $"the keys of {local.Process}: {keys}";
        }

        if (report is not ChannelReport<Payload> channel) return null;
        foreach (var message in channel.Messages)
        {
            if (Try(() => messages.Deserialize(message.Bytes)) is { } unread)
                return $"a message of {new ChannelId(channel.Source, channel.Process)}: {unread}";
        }

        return null;
    }

    private static string? Try<T>(Func<T?> read)
    {
        try
        {
            return read() is null ? "it is empty" : null;
        }
        catch (Exception exception)
        {
            return exception.Message;
        }
    }
}
