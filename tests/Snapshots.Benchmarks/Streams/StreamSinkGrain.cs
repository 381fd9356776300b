using Orleans.Streams;
using Orleans.Streams.Core;
using Snapshots.Grains;

namespace Snapshots.Benchmarks;

/// <summary>Subscribed as participants are, and counts what comes, in batches.</summary>
[ImplicitStreamSubscription(Namespace)]
internal sealed class StreamSinkGrain(StreamTally tally)
    : Grain, IStreamSink, IStreamSubscriptionObserver, IAsyncBatchObserver<Packet>
{
    public const string Namespace = "snapshots-benchmarks";

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        await handleFactory.Create<Packet>().ResumeAsync(this);

    public Task OnNextAsync(IList<SequentialItem<Packet>> items)
    {
        tally.Add(items.Count);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
