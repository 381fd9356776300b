using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>
/// <c>oneMarker</c>: a channel carries one marker of a snapshot, under a number of its own, and a number of a channel
/// never stands for two things; only what a marker's number stood for may become nothing.
/// </summary>
/// <typeparam name="TState">The application's state of one process.</typeparam>
/// <typeparam name="TMessage">What the application sends.</typeparam>
public sealed class OneMarker<TState, TMessage> : IInvariant<TState, TMessage>
{
    /// <inheritdoc/>
    public string Name => "oneMarker";

    /// <inheritdoc/>
    public string? FindBreach(Trace<TState, TMessage> trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var meanings = new Dictionary<(ChannelId Channel, FrameNumber Number), FrameContent<TMessage>>();
        var markers = new Dictionary<(ChannelId Channel, SnapshotNumber Snapshot), FrameNumber>();
        foreach (var each in trace.Events)
        {
            if (each is not FrameSent<TState, TMessage> { Frame: var frame }) continue;
            if (frame.Content is VoidContent<TMessage>)
            {
                if (FindVoided(meanings, frame) is { } voided) return voided;
                continue;
            }

            if (!meanings.TryAdd((frame.Channel, frame.First), frame.Content)
                && !meanings[(frame.Channel, frame.First)].Equals(frame.Content))
            {
                return $"{frame.Channel}: frame {frame.First} is {frame.Content}, and was {meanings[(frame.Channel, frame.First)]}";
            }

            if (frame.Content is MarkerContent<TMessage> { Snapshot: var snapshot }
                && !markers.TryAdd((frame.Channel, snapshot), frame.First)
                && markers[(frame.Channel, snapshot)] != frame.First)
            {
                return $"{frame.Channel}: a second marker of snapshot {snapshot}, frame {frame.First}";
            }
        }

        return null;
    }

    private static string? FindVoided(Dictionary<(ChannelId Channel, FrameNumber Number), FrameContent<TMessage>> meanings, Frame<TMessage> frame)
    {
        for (var number = frame.First; number <= frame.Last; number = number.Next)
        {
            if (meanings.TryGetValue((frame.Channel, number), out var meaning) && meaning is MessageContent<TMessage>)
            {
                return $"{frame.Channel}: frame {number} has become void, and was {meaning}";
            }
        }

        return null;
    }
}
