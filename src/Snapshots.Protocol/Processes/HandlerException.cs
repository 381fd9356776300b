using System.Globalization;

namespace Snapshots.Protocol;

/// <summary>
/// The application's handler has thrown at a message. Nothing has changed: the message is not delivered, comes again,
/// and keeps back what follows on its channel until the handler takes it.
/// </summary>
public sealed class HandlerException : Exception
{
    /// <summary>Names the message.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="number">The message's place among the messages of the channel.</param>
    /// <param name="messageType">The type of the message.</param>
    /// <param name="innerException">What the handler threw.</param>
    public HandlerException(ChannelId channel, MessageCount number, string messageType, Exception innerException)
        : base($"The handler of {channel.Target} has thrown at a message of {channel.Source}.", innerException) =>
        (Channel, Number, MessageType) = (channel, number, messageType);

    /// <summary>The channel.</summary>
    public ChannelId Channel { get; }

    /// <summary>The message's place among the messages of the channel.</summary>
    public MessageCount Number { get; }

    /// <summary>The type of the message.</summary>
    public string MessageType { get; }

    /// <summary>The message, in words.</summary>
    public string Subject =>
        string.Create(CultureInfo.InvariantCulture, $"message {Number} of {Channel.Source}, a {MessageType}");

    /// <summary>What the handler threw, in one line.</summary>
    public string Reason => InnerException is { } inner ? $"{inner.GetType().Name}: {inner.Message.ReplaceLineEndings(" ")}" : string.Empty;
}
