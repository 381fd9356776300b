using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// Remembered requests of one kind, in order of arrival, in chunks. Immutable; shares with its origin every chunk that
/// lost nothing.
/// </summary>
internal sealed class RequestList
{
    /// <summary>All chunks but the last, to which requests are added.</summary>
    private readonly ImmutableArray<RequestChunk> _filled;
    private readonly RequestChunk? _last;

    /// <summary>Whether keys have 128 bits; otherwise 64 and a time.</summary>
    private readonly bool _isWide;

    private RequestList(ImmutableArray<RequestChunk> filled, RequestChunk? last, int count, bool isWide) =>
        (_filled, _last, Count, _isWide) = (filled, last, count, isWide);

    public int Count { get; }

    /// <summary>
    /// Whether the next request begins a chunk: the moment for work that is not done at each request.
    /// </summary>
    public bool IsChunkFull => _last is null or { Count: RequestChunk.Size };

    public int Chunks => _filled.Length + (_last is null ? 0 : 1);

    public static RequestList Empty(bool isWide) => new([], last: null, 0, isWide);

    /// <summary>The request with that key, and with that time unless the time is null.</summary>
    public bool TryFind(UInt128 key, long? timeMs, out RememberedRequest found)
    {
        for (var index = Chunks - 1; index >= 0; index--)
        {
            var chunk = Chunk(index);
            if (timeMs is { } time && chunk.EndsSearch(time)) break;
            if (chunk.TryFind(key, timeMs, out found)) return true;
        }

        found = default;
        return false;
    }

    /// <summary>The list with one request more.</summary>
    public RequestList Append(RememberedRequest request)
    {
        if (_last is null) return new(_filled, RequestChunk.Of([request], _isWide), 1, _isWide);
        if (_last.Count < RequestChunk.Size) return new(_filled, _last.Append(request), Count + 1, _isWide);
        var shared = request with { Outcome = _last.Share(request.Outcome) };
        return new(_filled.Add(_last), RequestChunk.Of([shared], _isWide).After(_last), Count + 1, _isWide);
    }

    /// <summary>
    /// The list without what is at those places. Neighbours that fit into one chunk are joined, so there are fewer than
    /// twice as many chunks as the requests need.
    /// </summary>
    public RequestList Without(ImmutableArray<KeyRun> runs)
    {
        if (runs.IsEmpty) return this;
        var kept = ImmutableArray.CreateBuilder<RequestChunk>(Chunks);
        var (start, next, count) = (0, 0, 0);
        for (var index = 0; index < Chunks; index++)
        {
            var chunk = Chunk(index);
            var rest = next < runs.Length && runs[next].Start < start + chunk.Count
                ? Survivors(chunk, start, runs.AsSpan()[next..])
                : chunk;
            start += chunk.Count;
            while (next < runs.Length && runs[next].End <= start) next++;
            if (rest is null) continue;
            count += rest.Count;
            Keep(kept, rest);
        }

        if (kept.Count == 0) return Empty(_isWide);
        var last = kept[^1];
        kept.RemoveAt(kept.Count - 1);
        return new(kept.ToImmutable(), last, count, _isWide);
    }

    /// <summary>Whether a request has that time or an earlier one.</summary>
    public bool AnyUpTo(long timeMs)
    {
        for (var index = 0; index < Chunks; index++)
        {
            if (Chunk(index).EarliestMs <= timeMs) return true;
        }

        return false;
    }

    /// <summary>The places of the requests with that time or an earlier one.</summary>
    public ImmutableArray<KeyRun> PlacesUpTo(long timeMs)
    {
        var runs = ImmutableArray.CreateBuilder<KeyRun>();
        for (var (index, start) = (0, 0); index < Chunks; start += Chunk(index++).Count)
        {
            var chunk = Chunk(index);
            for (var place = 0; chunk.EarliestMs <= timeMs && place < chunk.Count; place++)
            {
                if (chunk.TimeMs(place) <= timeMs) AddPlace(runs, start + place);
            }
        }

        return runs.ToImmutable();
    }

    /// <summary>The times of the first requests, as many as there is room for.</summary>
    public void CopyTimes(Span<long> timesMs)
    {
        for (var (index, start) = (0, 0); start < timesMs.Length; start += Chunk(index++).Count)
        {
            var chunk = Chunk(index);
            for (var place = 0; place < chunk.Count && start + place < timesMs.Length; place++)
            {
                timesMs[start + place] = chunk.TimeMs(place);
            }
        }
    }

    /// <summary>
    /// What turns an earlier list into this one: what this list does not have in the same order is forgotten, what it
    /// has behind that is added. Shared chunks are seen at once.
    /// </summary>
    public KeyChanges Since(RequestList earlier)
    {
        var forgotten = ImmutableArray.CreateBuilder<KeyRun>(0); // Most of the time there is none.
        var (mine, place, start) = (0, 0, 0);
        for (var index = 0; index < earlier.Chunks; index++)
        {
            var old = earlier.Chunk(index);
            var first = place == 0 && mine < Chunks && Chunk(mine).Continues(old) ? old.Count : 0;
            place += first;
            for (var each = first; each < old.Count; each++)
            {
                if (mine < Chunks && place == Chunk(mine).Count) (mine, place) = (mine + 1, 0);
                if (mine < Chunks && Chunk(mine)[place].Equals(old[each])) place++;
                else AddPlace(forgotten, start + each);
            }

            if (mine < Chunks && place == Chunk(mine).Count) (mine, place) = (mine + 1, 0);
            start += old.Count;
        }

        return new(forgotten.ToImmutable(), From(mine, place));
    }

    public IEnumerable<RememberedRequest> Requests() =>
        Enumerable.Range(0, Chunks).SelectMany(index => Chunk(index).Requests());

    /// <summary>One of the chunks, from 0.</summary>
    public RequestChunk Chunk(int index) => index < _filled.Length ? _filled[index] : _last!;

    /// <summary>Adds a place behind all that are there.</summary>
    public static void AddPlace(ImmutableArray<KeyRun>.Builder runs, int place)
    {
        if (runs.Count > 0 && runs[^1].End == place) runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
        else runs.Add(new(place, 1));
    }

    private ImmutableArray<RememberedRequest> From(int index, int place)
    {
        var count = -place;
        for (var each = index; each < Chunks; each++) count += Chunk(each).Count;
        if (count <= 0) return [];
        var added = ImmutableArray.CreateBuilder<RememberedRequest>(count);
        for (; index < Chunks; (index, place) = (index + 1, 0))
        {
            var chunk = Chunk(index);
            for (var each = place; each < chunk.Count; each++) added.Add(chunk[each]);
        }

        return added.MoveToImmutable();
    }

    /// <summary>What is left of a chunk that begins at a place; null for nothing.</summary>
    private RequestChunk? Survivors(RequestChunk chunk, int start, ReadOnlySpan<KeyRun> runs)
    {
        Span<bool> isGone = stackalloc bool[RequestChunk.Size];
        foreach (var run in runs)
        {
            if (run.Start >= start + chunk.Count) break;
            var from = Math.Max(run.Start - start, 0);
            isGone[from..Math.Min(run.End - start, chunk.Count)].Fill(true);
        }

        var survivors = new List<RememberedRequest>(chunk.Count);
        for (var place = 0; place < chunk.Count; place++)
        {
            if (!isGone[place]) survivors.Add(chunk[place]);
        }

        return survivors.Count == 0 ? null : RequestChunk.Of([.. survivors], _isWide);
    }

    private void Keep(ImmutableArray<RequestChunk>.Builder kept, RequestChunk chunk)
    {
        if (kept.Count > 0 && kept[^1].Count + chunk.Count <= RequestChunk.Size)
        {
            chunk = RequestChunk.Of([.. kept[^1].Requests(), .. chunk.Requests()], _isWide);
            kept.RemoveAt(kept.Count - 1);
        }

        kept.Add(chunk.After(kept.Count > 0 ? kept[^1] : null));
    }
}
