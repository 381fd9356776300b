using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// A gate in front of the stream of one silo: each frame waits at the head of its channel until it is delivered by
/// hand. What is sent again while it waits, or after it was delivered, is dropped. Acknowledgements pass at once.
/// </summary>
/// <remarks>Safe for concurrent use; one delivery per channel at a time.</remarks>
/// <typeparam name="TMessage">What the application sends.</typeparam>
/// <param name="services">The silo's services.</param>
/// <param name="application">The application whose frames are gated.</param>
public sealed class FrameGate<TMessage>(IServiceProvider services, string application) : IFrameGate<TMessage>
    where TMessage : notnull
{
    private readonly ConcurrentDictionary<ChannelId, Channel> _channels = new();
    private readonly ConcurrentQueue<Frame<TMessage>> _held = new();

    /// <summary>How many frames wait on a channel.</summary>
    public int Waiting(ChannelId channel)
    {
        var waiting = _channels.GetOrAdd(channel, static _ => new Channel());
        lock (waiting) return waiting.Frames.Count;
    }

    /// <summary>
    /// Puts the frame at the head of a channel on the stream, and completes when its receiver has acknowledged it, so
    /// has persisted its delivery. Returns the frame; null when no frame waits.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the frame is under way.</exception>
    public async Task<Frame<TMessage>?> DeliverAsync(ChannelId channel, CancellationToken cancellationToken)
    {
        var waiting = _channels.GetOrAdd(channel, static _ => new Channel());
        Frame<TMessage>? frame;
        var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (waiting)
        {
            if (!waiting.Frames.TryDequeue(out frame)) return null;
            waiting.Expected = (frame.Last, acknowledged);
        }

        services.GetRequiredService<FrameCourier<TMessage>>().Send(application, frame);
        await acknowledged.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return frame;
    }

    /// <summary>Returns the frames that came to the gate since the last call, in the order of their sender.</summary>
    public IReadOnlyList<Frame<TMessage>> TakeHeld()
    {
        var held = new List<Frame<TMessage>>();
        while (_held.TryDequeue(out var frame)) held.Add(frame);
        return held;
    }

    /// <inheritdoc/>
    public bool TryHold(Frame<TMessage> frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var waiting = _channels.GetOrAdd(frame.Channel, static _ => new Channel());
        lock (waiting)
        {
            if (frame.Last <= waiting.Highest) return true;
            waiting.Highest = frame.Last;
            waiting.Frames.Enqueue(frame);
            _held.Enqueue(frame);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Observe(Acknowledgement acknowledgement)
    {
        ArgumentNullException.ThrowIfNull(acknowledgement);
        var waiting = _channels.GetOrAdd(acknowledgement.Channel, static _ => new Channel());
        lock (waiting)
        {
            if (waiting.Expected is { } expected && acknowledgement.UpTo >= expected.Number) expected.Done.TrySetResult();
        }
    }

    private sealed class Channel
    {
        public Queue<Frame<TMessage>> Frames { get; } = [];

        public FrameNumber Highest { get; set; }

        public (FrameNumber Number, TaskCompletionSource Done)? Expected { get; set; }
    }
}
