using System.Collections.Concurrent;
using Orleans.Providers;
using Orleans.Streams;

namespace Snapshots.Grains.Tests;

/// <summary>
/// The memory stream's own queue behind a bad network: by turns, an event is lost, comes twice, is kept until others have overtaken
/// it, or is refused as by a queue that is full.
/// </summary>
internal sealed class BadQueue(IServiceProvider services, string name) : IQueueAdapterFactory, IQueueAdapter
{
    private readonly MemoryAdapterFactory<DefaultMemoryMessageBodySerializer> _inner =
        MemoryAdapterFactory<DefaultMemoryMessageBodySerializer>.Create(services, name);

    private readonly ConcurrentDictionary<StreamId, Func<Task>> _late = new();
    private int _events;
    private int _lost;
    private int _repeated;
    private int _overtaken;
    private int _refused;

    public string Name => _inner.Name;

    public bool IsRewindable => _inner.IsRewindable;

    public StreamProviderDirection Direction => _inner.Direction;

    /// <summary>How often it did each.</summary>
    public (int Lost, int Repeated, int Overtaken, int Refused) Harm => (_lost, _repeated, _overtaken, _refused);

    /// <summary>Events that it refuses before it takes another one.</summary>
    public int RefuseNext { get; set; }

    /// <summary>Whether it does any harm of its own accord.</summary>
    public bool IsBad { get; set; } = true;

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => _inner.GetQueueAdapterCache();

    public IStreamQueueMapper GetStreamQueueMapper() => _inner.GetStreamQueueMapper();

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => _inner.GetDeliveryFailureHandler(queueId);

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => _inner.CreateReceiver(queueId);

    public async Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        var batch = events.ToArray();
        if (RefuseNext > 0)
        {
            RefuseNext--;
            Refuse();
        }

        switch (IsBad ? Interlocked.Increment(ref _events) % 7 : 0)
        {
            case 1:
                Interlocked.Increment(ref _lost);
                return;
            case 2:
                Interlocked.Increment(ref _repeated);
                await PassAsync();
                await PassAsync();
                return;
            case 3 when _late.TryAdd(streamId, PassAsync):
                return;
            case 4:
                Refuse();
                return;
            default:
                await PassAsync();
                break;
        }

        if (_late.TryRemove(streamId, out var late))
        {
            Interlocked.Increment(ref _overtaken);
            await late();
        }

        Task PassAsync() => _inner.QueueMessageBatchAsync(streamId, batch, token, requestContext);
    }

    private void Refuse()
    {
        Interlocked.Increment(ref _refused);
        throw new InvalidOperationException("the queue is full");
    }
}
