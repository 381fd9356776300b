using System.Threading.Channels;
using Orleans.Streams;

namespace Snapshots.Grains.Tests;

/// <summary>A stream that nobody reads but its test: it keeps what is published, refuses on order, and can be held.</summary>
internal sealed class TestStream : IAsyncStream<Packet>
{
    private readonly Channel<Packet> _published = Channel.CreateUnbounded<Packet>();
    private readonly Channel<bool> _entered = Channel.CreateUnbounded<bool>();
    private TaskCompletionSource? _gate;
    private int _refusals;
    private int _publishing;

    public bool IsRewindable => false;

    public string ProviderName => "test";

    public StreamId StreamId => StreamId.Create("test", "test");

    /// <summary>The most publications that were under way at a time.</summary>
    public int MostAtATime { get; private set; }

    public int Tries { get; private set; }

    public void Refuse(int times) => _refusals = times;

    public void Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        var gate = _gate;
        _gate = null;
        gate?.SetResult();
    }

    /// <summary>Completes when the next publication has begun.</summary>
    public async Task EnteredAsync() =>
        await _entered.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<Packet> NextAsync() =>
        await _published.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task OnNextAsync(Packet item, StreamSequenceToken? token = null)
    {
        MostAtATime = Math.Max(MostAtATime, Interlocked.Increment(ref _publishing));
        Tries++;
        try
        {
            _entered.Writer.TryWrite(true);
            if (_gate is { } gate) await gate.Task;
            if (_refusals > 0)
            {
                _refusals--;
                throw new InvalidOperationException("the queue is full");
            }

            await _published.Writer.WriteAsync(item);
        }
        finally
        {
            Interlocked.Decrement(ref _publishing);
        }
    }

    public Task OnNextBatchAsync(IEnumerable<Packet> batch, StreamSequenceToken? token = null) => throw new NotSupportedException();

    public Task OnCompletedAsync() => throw new NotSupportedException();

    public Task OnErrorAsync(Exception ex) => throw new NotSupportedException();

    public Task<StreamSubscriptionHandle<Packet>> SubscribeAsync(IAsyncObserver<Packet> observer) => throw new NotSupportedException();

    public Task<StreamSubscriptionHandle<Packet>> SubscribeAsync(
        IAsyncObserver<Packet> observer, StreamSequenceToken? token, string? filterData = null) => throw new NotSupportedException();

    public Task<StreamSubscriptionHandle<Packet>> SubscribeAsync(IAsyncBatchObserver<Packet> observer) => throw new NotSupportedException();

    public Task<StreamSubscriptionHandle<Packet>> SubscribeAsync(IAsyncBatchObserver<Packet> observer, StreamSequenceToken? token) =>
        throw new NotSupportedException();

    public Task<IList<StreamSubscriptionHandle<Packet>>> GetAllSubscriptionHandles() => throw new NotSupportedException();

    public bool Equals(IAsyncStream<Packet>? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => 0;

    public int CompareTo(IAsyncStream<Packet>? other) => 0;
}
