using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Streams;

namespace Snapshots.Grains;

/// <summary>Puts packets for many inboxes on the queues of the stream provider.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal interface IPacketSender
{
    /// <summary>The queue of an inbox; the same in every silo.</summary>
    QueueId QueueOf(StreamId inbox);

    /// <summary>Puts packets on their queue; false, and none is put there, when the queue is full.</summary>
    /// <exception cref="Exception">The queue cannot be reached; whether the packets were put there is not
    /// known.</exception>
    Task<bool> TrySendAsync(QueueId queue, InboxPacket[] packets);
}

/// <summary>
/// The queues of the stream that carries frames. Packets for many inboxes go to a queue in one call, and the queue's
/// reader gets one batch for each inbox. The queues are in memory and may lose, repeat and reorder: the channels repair
/// all of that.
/// </summary>
internal sealed class FrameQueueAdapter(
    string name,
    HashRingStreamQueueMapperOptions queueOptions,
    IGrainFactory grains,
    FrameQueues queues,
    TimeProvider time,
    ILogger<FrameQueueReceiver> logger)
    : IQueueAdapterFactory, IQueueAdapter, IQueueAdapterCache, IPacketSender
{
    private readonly HashRingBasedStreamQueueMapper _mapper = new(queueOptions, name);
    private readonly Task<IStreamFailureHandler> _failures =
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>False: a consumer takes what comes, and agrees with its pulling agent on no position.</summary>
    public bool IsRewindable => false;

    /// <inheritdoc/>
    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    /// <inheritdoc/>
    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    /// <inheritdoc/>
    public IQueueAdapterCache GetQueueAdapterCache() => this;

    /// <inheritdoc/>
    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    /// <inheritdoc/>
    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => _failures;

    /// <inheritdoc/>
    public IQueueAdapterReceiver CreateReceiver(QueueId queueId)
    {
        var key = queueId.ToString();
        var grain = grains.Get<IFrameQueue>(key);
        return new FrameQueueReceiver(key, queues, grain, time, logger);
    }

    /// <inheritdoc/>
    public IQueueCache CreateQueueCache(QueueId queueId) => new FrameCache();

    /// <inheritdoc/>
    public QueueId QueueOf(StreamId inbox) => _mapper.GetQueueForStream(inbox);

    /// <inheritdoc/>
    public Task<bool> TrySendAsync(QueueId queue, InboxPacket[] packets)
    {
        var key = queue.ToString();
        return queues.Here(key) is { } here
            ? Task.FromResult(here.TryPut(packets))
            : grains.Get<IFrameQueue>(key).PutAsync(packets);
    }

    /// <summary>Publishes on one inbox, as any stream can be.</summary>
    /// <exception cref="InvalidOperationException">The queue is full: wait, and publish again.</exception>
    public async Task QueueMessageBatchAsync<T>(
        StreamId streamId,
        IEnumerable<T> events,
        StreamSequenceToken? token,
        Dictionary<string, object>? requestContext)
    {
        InboxPacket[] packets = [.. events.Cast<Packet>().Select(packet => new InboxPacket(streamId, packet))];
        if (!await TrySendAsync(QueueOf(streamId), packets).ConfigureAwait(false))
        {
            throw new InvalidOperationException("the queue is full: publish again later");
        }
    }
}

/// <summary>
/// Reads one queue for a pulling agent: from memory when the queue is in this silo, else by a call.
/// </summary>
internal sealed partial class FrameQueueReceiver(
    string key, FrameQueues queues, IFrameQueue grain, TimeProvider time, ILogger<FrameQueueReceiver> logger)
    : IQueueAdapterReceiver
{
    private readonly LogLimit _limit = new(time);

    /// <inheritdoc/>
    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) =>
        queues.Here(key) is { } here ? Task.FromResult(here.TakeAll()) : CallAsync();

    /// <inheritdoc/>
    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task Shutdown(TimeSpan timeout) => Task.CompletedTask;

    private async Task<IList<IBatchContainer>> CallAsync()
    {
        try
        {
            return await grain.TakeAsync();
        }
        catch (Exception exception)
        {
            // The agent asks again. To throw would make Orleans log each time as an error.
            if (_limit.TryPass(out var held)) LogNotRead(logger, held, exception);
            return [];
        }
    }

    [LoggerMessage(
        1, LogLevel.Information, "A queue of frames could not be read; it is tried again ({Held} times before).")]
    private static partial void LogNotRead(ILogger logger, long held, Exception exception);
}
