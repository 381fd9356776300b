using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Orleans.Streams;

namespace Snapshots.Grains;

/// <summary>
/// What a pulling agent has read and its consumers have not taken yet, by inbox. So a consumer finds its own packets
/// without looking through those of all others, and takes all of them at once.
/// </summary>
/// <remarks>
/// Used from the scheduler of its pulling agent only. A batch is forgotten once every cursor of its inbox is past it,
/// and with the last cursor of its inbox.
/// </remarks>
internal sealed class FrameCache : IQueueCache
{
    /// <summary>Batches from which on the agent reads no more.</summary>
    public const int MaxBatches = 16_384;

    /// <summary>
    /// Batches of one inbox that wait at most; one more is dropped, and the channels send it again. So one process that
    /// does not answer does not fill the cache for all others.
    /// </summary>
    public const int MaxBatchesPerInbox = 256;

    private readonly Dictionary<StreamId, InboxLog> _inboxes = [];
    private int _count;

    /// <summary>Inboxes with a cursor or a batch.</summary>
    public int Inboxes => _inboxes.Count;

    /// <inheritdoc/>
    public int GetMaxAddCount() => MaxBatches;

    /// <inheritdoc/>
    public bool IsUnderPressure() => _count >= MaxBatches;

    /// <inheritdoc/>
    public void AddToCache(IList<IBatchContainer> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (var message in messages)
        {
            var log = LogOf(message.StreamId);

            // The agent takes a cursor in the turn in which it adds. An inbox that has none has no consumer.
            if (log.Cursors.Count == 0) Drop(log, log.Batches.Count);
            if (log.Batches.Count >= MaxBatchesPerInbox) continue;
            log.Batches.Add((FrameBatch)message);
            _count++;
        }
    }

    /// <summary>False: nothing has to be told of what was delivered.</summary>
    public bool TryPurgeFromCache([MaybeNullWhen(false)] out IList<IBatchContainer> purgedItems)
    {
        purgedItems = null;
        return false;
    }

    /// <summary>
    /// A cursor at the oldest batch of the inbox, wherever the token points to: what comes twice is dropped by the
    /// channels.
    /// </summary>
    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token)
    {
        var log = LogOf(streamId);
        var cursor = new Cursor(this, streamId, log);
        log.Cursors.Add(cursor);
        return cursor;
    }

    private InboxLog LogOf(StreamId inbox)
    {
        if (!_inboxes.TryGetValue(inbox, out var log)) _inboxes.Add(inbox, log = new InboxLog());
        return log;
    }

    private void Forget(InboxLog log)
    {
        var next = long.MaxValue;
        foreach (var cursor in log.Cursors) next = Math.Min(next, cursor.Next);
        Drop(log, (int)(next - log.First));
    }

    private void Drop(InboxLog log, int count)
    {
        if (count == 0) return;
        log.Batches.RemoveRange(0, count);
        log.First += count;
        _count -= count;
    }

    private sealed class InboxLog
    {
        public List<Cursor> Cursors { get; } = [];

        public List<FrameBatch> Batches { get; } = [];

        /// <summary>The position of the first batch.</summary>
        public long First { get; set; }
    }

    private sealed class Cursor(FrameCache cache, StreamId inbox, InboxLog log) : IQueueCacheCursor
    {
        private FrameBatch? _current;

        /// <summary>The position of the batch that it takes next.</summary>
        public long Next { get; private set; } = log.First;

        public IBatchContainer? GetCurrent(out Exception? exception)
        {
            exception = null;
            return _current;
        }

        /// <summary>Takes all that waits, as one batch.</summary>
        public bool MoveNext()
        {
            ReadOnlySpan<FrameBatch> waiting = CollectionsMarshal.AsSpan(log.Batches)[(int)(Next - log.First)..];
            _current = waiting.Length switch
            {
                0 => null,
                1 => waiting[0],
                _ => FrameBatch.Join(waiting),
            };
            Next += waiting.Length;
            if (waiting.Length > 0) cache.Forget(log);
            return _current is not null;
        }

        /// <summary>Does nothing: the cursor finds what has been added.</summary>
        public void Refresh(StreamSequenceToken token)
        {
        }

        /// <summary>Does nothing: the channels send again.</summary>
        public void RecordDeliveryFailure()
        {
        }

        public void Dispose()
        {
            if (!log.Cursors.Remove(this)) return;
            if (log.Cursors.Count > 0)
            {
                cache.Forget(log);
                return;
            }

            cache.Drop(log, log.Batches.Count);
            cache._inboxes.Remove(inbox);
        }
    }
}
