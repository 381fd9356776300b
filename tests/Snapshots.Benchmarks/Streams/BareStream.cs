using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Snapshots.Grains;

namespace Snapshots.Benchmarks;

/// <summary>
/// The streams that carry frames, without channels on them: the same provider, so the same queues, polling and caches;
/// one stream per account; events as large as a frame. Nothing is stored, numbered or acknowledged.
/// </summary>
internal sealed class BareStream
{
    private const int EventsPerBatch = 100;
    private const int BytesPerEvent = 80;

    /// <summary>Events that may be on their way: more would only wait in the queues.</summary>
    private const long MaxUnderWay = 100_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly IAsyncStream<Packet>[] _streams;
    private readonly Packet[] _batch;
    private readonly StreamTally _tally;
    private long _published;

    public BareStream(BenchmarkSilo silo, int count)
    {
        var provider = silo.Services.GetRequiredKeyedService<IStreamProvider>(SnapshotsOptions.StreamProvider);
        _streams = [.. Enumerable.Range(0, count).Select(index => provider.GetStream<Packet>(
            StreamId.Create(StreamSinkGrain.Namespace, index.ToString(CultureInfo.InvariantCulture))))];
        _batch = [.. Enumerable.Range(0, EventsPerBatch).Select(_ => new Packet(new byte[BytesPerEvent]))];
        _tally = silo.Services.GetRequiredService<StreamTally>();
    }

    /// <summary>
    /// Publishes for that long, in batches, one publish per stream at a time; waits for the last event; events per
    /// second.
    /// </summary>
    public async Task<double> MeasureAsync(TimeSpan duration)
    {
        var time = new TimeLimit(duration);
        var before = _published;
        await Task.WhenAll(_streams.Select(stream => Task.Run(() => PublishAsync(stream, time))));
        var arrival = new TimeLimit(Rounds.MaxDrain);
        while (_tally.Arrived < Volatile.Read(ref _published))
        {
            if (arrival.IsOver) throw new TimeoutException($"{_published - _tally.Arrived} events have not arrived");
            await Task.Delay(Pause);
        }

        return (_published - before) / time.Elapsed.TotalSeconds;
    }

    private async Task PublishAsync(IAsyncStream<Packet> stream, TimeLimit time)
    {
        while (!time.IsOver)
        {
            if (Volatile.Read(ref _published) - _tally.Arrived > MaxUnderWay)
            {
                await Task.Delay(Pause);
                continue;
            }

            try
            {
                await stream.OnNextBatchAsync(_batch);
                Interlocked.Add(ref _published, _batch.Length);
            }
            catch (InvalidOperationException)
            {
                await Task.Delay(Pause); // The queue is full; that is its back-pressure.
            }
        }
    }
}
