using System.Collections.Immutable;

namespace Snapshots.Protocol;

/// <summary>
/// Some remembered requests in order of arrival, 1 to <see cref="Size"/>: the unit in which memories share what they
/// have in common. No chunk ever changes.
/// </summary>
/// <remarks>
/// A search runs over the lower halves of the keys, which the processor compares several at a time. For a timed key it
/// looks only into chunks whose times include the key's.
/// </remarks>
internal sealed class RequestChunk
{
    /// <summary>Requests in a full chunk.</summary>
    public const int Size = 64;

    /// <summary>Requests for which a chunk first has room; four times as many each time that it is full.</summary>
    private const int FirstCapacity = 4;

    private readonly Columns _columns;
    private readonly TimeRange _own;

    /// <summary>Covers at least this chunk and all before it.</summary>
    private readonly TimeRange _soFar;

    private RequestChunk(Columns columns, int count, TimeRange own, TimeRange soFar) =>
        (_columns, Count, _own, _soFar) = (columns, count, own, soFar);

    public int Count { get; }

    /// <summary>The earliest time of a request.</summary>
    public long EarliestMs => _own.EarliestMs;

    /// <summary>The lower halves of the keys.</summary>
    public ReadOnlySpan<ulong> LowKeys => _columns.LowKeys[..Count];

    /// <summary>The upper halves of wide keys; empty for others.</summary>
    public ReadOnlySpan<ulong> HighKeys => _columns.IsWide ? _columns.HighKeys[..Count] : [];

    public ReadOnlySpan<ulong> Fingerprints => _columns.Fingerprints[..Count];

    public RememberedRequest this[int place] => _columns[place];

    /// <summary>Makes a chunk of those requests, at least one; wide keys have 128 bits, others 64.</summary>
    public static RequestChunk Of(ReadOnlySpan<RememberedRequest> requests, bool isWide, int capacity = FirstCapacity)
    {
        var columns = new Columns(Math.Max(requests.Length, capacity), isWide);
        var own = TimeRange.None;
        for (var place = 0; place < requests.Length; place++)
        {
            columns.TryPut(place, requests[place]);
            own = own.With(requests[place].TimeMs);
        }

        return new(columns, requests.Length, own, own);
    }

    /// <summary>The chunk, which is not full, with one request more.</summary>
    public RequestChunk Append(in RememberedRequest request)
    {
        var (own, soFar) = (_own.With(request.TimeMs), _soFar.With(request.TimeMs));
        if (_columns.TryPut(Count, request)) return new(_columns, Count + 1, own, soFar);
        var copy = Of([.. Requests()], _columns.IsWide, Math.Min(4 * Count, Size))._columns;
        copy.TryPut(Count, request);
        return new(copy, Count + 1, own, soFar);
    }

    /// <summary>The chunk in its place behind another.</summary>
    public RequestChunk After(RequestChunk? previous) => previous is null || _soFar.Covers(previous._soFar)
        ? this
        : new(_columns, Count, _own, _soFar.With(previous._soFar));

    /// <summary>Whether this chunk is seen at once to begin with all of another one.</summary>
    public bool Continues(RequestChunk earlier) =>
        ReferenceEquals(_columns, earlier._columns) && earlier.Count <= Count;

    /// <summary>Whether neither this chunk nor an earlier one holds a timed key of that time.</summary>
    public bool EndsSearch(long timeMs) => !_soFar.Contains(timeMs);

    /// <summary>The request with that key, and with that time unless the time is null.</summary>
    public bool TryFind(UInt128 key, long? timeMs, out RememberedRequest found)
    {
        found = default;
        if (timeMs is { } time && !_own.Contains(time)) return false;
        var keys = LowKeys;
        for (var start = 0; start < keys.Length; start++)
        {
            var offset = keys[start..].IndexOf(LowHalf(key));
            if (offset < 0) return false;
            start += offset;
            found = _columns[start];
            if (found.Key == key && (timeMs is null || found.TimeMs == timeMs)) return true;
        }

        found = default;
        return false;
    }

    public long TimeMs(int place) => _columns.TimeMs(place);

    public ImmutableArray<byte> Outcome(int place) => _columns.Outcome(OutcomeIndex(place));

    /// <summary>Which of the different outcomes of the chunk it is, from 0.</summary>
    public int OutcomeIndex(int place) => _columns.OutcomeIndex(place);

    /// <summary>An outcome with the same bytes that the chunk has already, or the given one.</summary>
    public ImmutableArray<byte> Share(ImmutableArray<byte> outcome) =>
        _columns.IndexOf(outcome) is >= 0 and var index ? _columns.Outcome(index) : outcome;

    public IEnumerable<RememberedRequest> Requests()
    {
        for (var place = 0; place < Count; place++) yield return _columns[place];
    }

    private static ulong LowHalf(UInt128 key) => unchecked((ulong)key);

    /// <summary>The requests side by side, with room for more; each distinct outcome once.</summary>
    /// <remarks>
    /// Chunks that grew from one another share their columns. Each sees only as many requests as it had, so a place is
    /// written once, before a chunk sees it, and only the newest chunk takes the next place. Others copy.
    /// </remarks>
    private sealed class Columns(int capacity, bool isWide)
    {
        /// <summary>Bits of a stamp that say which outcome; the time has the other 48.</summary>
        private const int OutcomeBits = 16;

        /// <summary>
        /// Lower halves of keys, fingerprints, stamps, and of wide keys the upper halves: one after the other.
        /// </summary>
        private readonly ulong[] _words = new ulong[(isWide ? 4 : 3) * capacity];
        private ImmutableArray<byte>[] _outcomes = [];
        private int _distinctOutcomes;
        private int _taken;

        public bool IsWide => isWide;

        public ReadOnlySpan<ulong> LowKeys => _words.AsSpan(0, capacity);

        public ReadOnlySpan<ulong> Fingerprints => _words.AsSpan(capacity, capacity);

        public ReadOnlySpan<ulong> HighKeys => _words.AsSpan(3 * capacity, capacity);

        public RememberedRequest this[int place] => new(
            new UInt128(isWide ? _words[(3 * capacity) + place] : 0, _words[place]),
            TimeMs(place),
            _words[capacity + place],
            _outcomes[OutcomeIndex(place)]);

        public long TimeMs(int place) => (long)(Stamp(place) >> OutcomeBits);

        public int OutcomeIndex(int place) => (int)(Stamp(place) & ((1 << OutcomeBits) - 1));

        public ImmutableArray<byte> Outcome(int index) => _outcomes[index];

        public int IndexOf(ImmutableArray<byte> outcome)
        {
            for (var index = _distinctOutcomes - 1; index >= 0; index--)
            {
                if (_outcomes[index].AsSpan().SequenceEqual(outcome.AsSpan())) return index;
            }

            return -1;
        }

        /// <summary>
        /// Writes the request there. False when another chunk took the place first, or there is no room.
        /// </summary>
        public bool TryPut(int place, in RememberedRequest request)
        {
            if (place != _taken || place == capacity) return false;
            _taken = place + 1;
            var outcome = IndexOf(request.Outcome);
            if (outcome < 0)
            {
                outcome = _distinctOutcomes++;
                if (outcome == _outcomes.Length) Array.Resize(ref _outcomes, outcome == 0 ? 2 : 2 * outcome);
                _outcomes[outcome] = request.Outcome;
            }

            _words[place] = LowHalf(request.Key);
            _words[capacity + place] = request.Fingerprint;
            _words[(2 * capacity) + place] = ((ulong)request.TimeMs << OutcomeBits) | (uint)outcome;
            if (isWide) _words[(3 * capacity) + place] = LowHalf(request.Key >> 64);
            return true;
        }

        private ulong Stamp(int place) => _words[(2 * capacity) + place];
    }

    /// <summary>
    /// Between which times requests lie, both included; the earliest is later than the latest for no request.
    /// </summary>
    private readonly record struct TimeRange(long EarliestMs, long LatestMs)
    {
        public static TimeRange None => new(long.MaxValue, long.MinValue);

        public TimeRange With(long timeMs) => new(Math.Min(EarliestMs, timeMs), Math.Max(LatestMs, timeMs));

        public TimeRange With(TimeRange other) =>
            new(Math.Min(EarliestMs, other.EarliestMs), Math.Max(LatestMs, other.LatestMs));

        public bool Covers(TimeRange other) => EarliestMs <= other.EarliestMs && LatestMs >= other.LatestMs;

        public bool Contains(long timeMs) => timeMs >= EarliestMs && timeMs <= LatestMs;
    }
}
