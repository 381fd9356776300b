using Orleans.Serialization;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Checks before a restore closes anything that every state, message and memory of keys of its source can be read: after
/// the commit there is no way back.
/// </summary>
internal interface ISourceCheck
{
    /// <summary>The first that cannot be read, and why; none if all can.</summary>
    string? FindFault(GlobalState<StatePayload, Payload> state);
}

/// <summary>The check of one application.</summary>
internal sealed class SourceCheck<TState, TMessage>(Serializer<TState> states, Serializer<TMessage> messages) : ISourceCheck
{
    public string? FindFault(GlobalState<StatePayload, Payload> state)
    {
        foreach (var process in state.Processes)
        {
            if (Try(() => states.Deserialize(process.State.State.Bytes)) is { } unread) return $"the state of {process.Id}: {unread}";
            if (Try(() => RequestMemoryCodec.FromPayload(process.State.Requests)) is { } keys) return $"the keys of {process.Id}: {keys}";
        }

        foreach (var channel in state.Channels)
        {
            foreach (var message in channel.Messages)
            {
                if (Try(() => messages.Deserialize(message.Message.Bytes)) is { } unread) return $"a message of {channel.Channel}: {unread}";
            }
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
