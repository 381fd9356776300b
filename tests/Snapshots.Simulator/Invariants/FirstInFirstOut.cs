using System.Globalization;

namespace Snapshots.Simulator;

/// <summary>
/// <c>fifo</c>: the n-th message delivered on a channel is the n-th message sent on it. Nothing comes from nowhere,
/// twice, or out of order.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class FirstInFirstOut<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "fifo";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var channel in trace.Index.Channels)
        {
            for (var index = 0; index < channel.Delivered.Count; index++)
            {
                var delivered = channel.Delivered[index].Message;
                if (index >= channel.Sent.Count)
                {
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{channel.Channel}: message {index + 1} delivered is {delivered}, {channel.Sent.Count} were sent");
                }

                if (!EqualityComparer<TMessage>.Default.Equals(delivered, channel.Sent[index].Message))
                {
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{channel.Channel}: message {index + 1} delivered is {delivered}, sent was {channel.Sent[index].Message}");
                }
            }
        }

        return null;
    }
}
