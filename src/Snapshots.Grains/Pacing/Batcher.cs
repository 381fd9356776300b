using System.Collections.Concurrent;

namespace Snapshots.Grains;

/// <summary>The bounds of a <see cref="Batcher{TKey, TItem}"/>.</summary>
/// <param name="MaxItemsPerCall">Items that one call carries at most.</param>
/// <param name="MaxWaiting">Items of one key that wait at most; one more is refused.</param>
/// <param name="MaxBytesPerCall">Bytes that one call carries at most, except for one item that is larger.</param>
internal sealed record BatchLimits(int MaxItemsPerCall, int MaxWaiting, long MaxBytesPerCall = long.MaxValue);

/// <summary>
/// Gathers items by key and makes calls with many of them, in the order in which they were added: one call per key is
/// under way at a time, and what is added meanwhile leaves with the next. A key for which nothing waits costs nothing.
/// </summary>
/// <remarks>Safe for concurrent use. Calls are made on the thread pool, outside the grains' turns.</remarks>
/// <typeparam name="TKey">What calls are made for, such as the key of a grain.</typeparam>
/// <typeparam name="TItem">What a call carries.</typeparam>
/// <param name="call">Makes a call.</param>
/// <param name="failed">Is told of a call that threw. It does not throw; the next call follows.</param>
/// <param name="limits">The bounds.</param>
/// <param name="sizeOf">The bytes of an item; none if bytes do not matter.</param>
/// <param name="gather"> Waits before each call, so that more joins it; its argument is the number of items in the call
/// before, 0 for the first one. It does not throw. None for no wait. </param>
internal sealed class Batcher<TKey, TItem>(
    Func<TKey, TItem[], Task> call,
    Action<TKey, TItem[], Exception> failed,
    BatchLimits limits,
    Func<TItem, long>? sizeOf = null,
    Func<int, Task>? gather = null)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lane> _lanes = new();

    /// <summary>Keys for which something waits or is under way.</summary>
    public int Keys => _lanes.Count;

    /// <summary>Adds an item and returns at once; false when too many wait.</summary>
    public bool TryAdd(TKey key, TItem item)
    {
        while (true)
        {
            var lane = _lanes.GetOrAdd(key, static (key, self) => new Lane(self, key), this);
            if (lane.TryAdd(item) is { } added) return added; // Else it has retired meanwhile.
        }
    }

    private sealed class Lane(Batcher<TKey, TItem> batcher, TKey key)
    {
        private readonly Lock _lock = new();
        private readonly Queue<TItem> _waiting = [];
        private bool _isRunning;
        private bool _isRetired;

        /// <summary>Whether the item was added; none if the lane has retired.</summary>
        public bool? TryAdd(TItem item)
        {
            lock (_lock)
            {
                if (_isRetired) return null;
                if (_waiting.Count >= batcher.Limits.MaxWaiting) return false;
                _waiting.Enqueue(item);
                if (_isRunning) return true;
                _isRunning = true;
            }

            ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.RunAsync(), this, preferLocal: false);
            return true;
        }

        private async Task RunAsync()
        {
            var last = 0;
            while (true)
            {
                if (batcher.GatherAsync is { } gather) await gather(last).ConfigureAwait(false);
                if (Take() is not { } items) return;
                last = items.Length;
                try
                {
                    await batcher.CallAsync(key, items).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    batcher.Failed(key, items, exception);
                }
            }
        }

        /// <summary>
        /// What the next call carries. None when nothing waits: the lane has retired, in the same step that found it
        /// empty.
        /// </summary>
        private TItem[]? Take()
        {
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _isRetired = true;
                    batcher._lanes.TryRemove(new(key, this));
                    return null;
                }

                var items = new TItem[CountForCall()];
                for (var index = 0; index < items.Length; index++) items[index] = _waiting.Dequeue();
                return items;
            }
        }

        private int CountForCall()
        {
            var most = Math.Min(_waiting.Count, batcher.Limits.MaxItemsPerCall);
            if (batcher.SizeOf is not { } sizeOf) return most;
            var (count, bytes) = (0, 0L);
            foreach (var item in _waiting)
            {
                bytes += sizeOf(item);
                if (count == most || (count > 0 && bytes > batcher.Limits.MaxBytesPerCall)) break;
                count++;
            }

            return count;
        }
    }

    private BatchLimits Limits => limits;

    private Func<TItem, long>? SizeOf => sizeOf;

    private Func<int, Task>? GatherAsync => gather;

    private Func<TKey, TItem[], Task> CallAsync => call;

    private Action<TKey, TItem[], Exception> Failed => failed;
}
