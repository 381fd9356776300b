using Orleans.Streams;
using Orleans.Streams.Core;

namespace Snapshots.Grains;

/// <content>What comes from the inbox stream. The stream is a network that may lose, repeat and reorder; nothing is thrown at it.</content>
public abstract partial class ProcessGrain<TState, TMessage> : IStreamSubscriptionObserver, IAsyncBatchObserver<Packet>
{
    /// <inheritdoc/>
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        ArgumentNullException.ThrowIfNull(handleFactory);
        await handleFactory.Create<Packet>().ResumeAsync(this);
    }

    /// <inheritdoc/>
    public async Task OnNextAsync(IList<SequentialItem<Packet>> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        try
        {
            await JoinAsync();
            RequireSound();
            foreach (var item in items) Take(item.Item);
        }
        catch (Exception exception)
        {
            // To throw would stall the stream for everybody. What was not taken is not acknowledged, so it comes again.
            ProcessLog.NotTaken(_services.Logger, Self, exception);
        }
    }

    /// <inheritdoc/>
    public Task OnCompletedAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task OnErrorAsync(Exception ex)
    {
        ProcessLog.StreamError(_services.Logger, Self, ex);
        return Task.CompletedTask;
    }

    private void Take(Packet packet)
    {
        var content = _packets.Decode(packet);
        var now = Now;
        try
        {
            foreach (var acknowledgement in content.Acknowledgements) Core.Receive(acknowledgement, now);
            foreach (var notice in content.Notices) Core.Receive(notice);
            foreach (var frame in content.Frames) Core.Receive(frame, now);
        }
        finally
        {
            // Also when one throws: those before it were taken, and are to be persisted and acknowledged.
            _observation?.Look();
            SignalRoom();

            // To forget an acknowledgement alone costs no more than a resend.
            if (content.Frames.Count > 0 || content.Notices.Count > 0) _ = _commit.RequestAsync();
            else WriteLater();
        }
    }
}
