using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The binary form of what changed in a memory of requests. A checkpoint holds the changes since the empty memory, an
/// entry of a journal those since the entry before.
/// </summary>
/// <remarks>
/// <code>
/// form (2), horizon + 1 (0 for none), timed keys, hand-made keys; each of the two:
///   number of runs that are forgotten; each: distance from the end of the run before, length
///   number of requests that are added, then column by column
///     twice the distance from the time before (at first from 0), plus one if it is earlier; then 0 for the outcome of
///       the request before, or 1 + its place among the different outcomes so far, and behind a new place its bytes
///     8 bytes fingerprint
///     8 bytes of the key
///     8 upper bytes of a hand-made key
/// </code>
/// Form 1 has the same row by row, and an outcome that differs from the one before as its length + 1 and its bytes; it is
/// read, not written: archives keep it.
/// A timed key takes 18 to 20 bytes once its outcome is there. In columns a whole memory, of which most bytes are
/// fingerprints and keys, is written by copying: it is a part of each report.
/// </remarks>
internal static class RequestMemoryCodec
{
    private const byte Form = 2;
    private const byte FormByRows = 1;
    private const int MaxKeptPlaces = 256;
    private const int HalfBits = 64;
    private const int MaxScratchBytes = 1024 * 1024;

    /// <summary>Where a whole memory is written before its length is known; used again for the next one.</summary>
    [ThreadStatic]
    private static RecordWriter? _scratch;

    /// <summary>Used again for each list that is written.</summary>
    [ThreadStatic]
    private static Dictionary<ImmutableArray<byte>, int>? _places;

    public static void Write(RecordWriter writer, RequestChanges changes)
    {
        Begin(writer, changes.HorizonMs);
        Write(writer, changes.Timed, isWide: false);
        Write(writer, changes.HandMade, isWide: true);
    }

    /// <summary>Writes a whole memory: what has changed since the empty one.</summary>
    public static void WriteWhole(RecordWriter writer, RequestMemory memory)
    {
        Begin(writer, memory.HorizonMs);
        Write(writer, memory.Timed);
        Write(writer, memory.HandMade);
    }

    /// <summary>Reads what <see cref="WriteWhole"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static RequestMemory ReadWhole(ref RecordReader reader)
    {
        var changes = Read(ref reader);
        try
        {
            return RequestMemory.Empty.Apply(changes);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"a stored memory of requests is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Reads what <see cref="ToPayload"/> made.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static RequestMemory FromPayload(Payload payload)
    {
        var reader = new RecordReader(payload.Bytes.Span);
        return ReadWhole(ref reader);
    }

    /// <summary>The whole memory as a local report carries it.</summary>
    public static Payload ToPayload(RequestMemory memory)
    {
        var writer = _scratch ?? new RecordWriter();
        writer.Reset();
        WriteWhole(writer, memory);
        var payload = new Payload(writer.Written.ToArray());
        _scratch = writer.Written.Length <= MaxScratchBytes ? writer : null;
        return payload;
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static RequestChanges Read(ref RecordReader reader)
    {
        var form = reader.ReadByte();
        if (form is not (Form or FormByRows)) throw new InvalidDataException($"a memory of requests of form {form} is not known");
        var horizon = reader.ReadNumber();
        var timed = ReadKeys(ref reader, isWide: false, form);
        return new(horizon == 0 ? null : horizon - 1, timed, ReadKeys(ref reader, isWide: true, form));
    }

    private static void Begin(RecordWriter writer, long? horizonMs)
    {
        writer.WriteByte(Form);
        writer.WriteNumber(horizonMs is { } ms ? ms + 1 : 0);
    }

    private static void Write(RecordWriter writer, KeyChanges changes, bool isWide)
    {
        var end = 0;
        writer.WriteNumber(changes.Forgotten.Length);
        foreach (var run in changes.Forgotten)
        {
            writer.WriteNumber(run.Start - end);
            writer.WriteNumber(run.Count);
            end = run.End;
        }

        var stamps = new StampWriter(writer);
        writer.WriteNumber(changes.Added.Length);
        foreach (var request in changes.Added)
        {
            var place = -1;
            stamps.Write(request.TimeMs, request.Outcome, ref place);
        }

        stamps.End();
        foreach (var request in changes.Added) writer.WriteFixed(request.Fingerprint);
        foreach (var request in changes.Added) writer.WriteFixed(unchecked((ulong)request.Key));
        if (!isWide) return;
        foreach (var request in changes.Added) writer.WriteFixed((ulong)(request.Key >> HalfBits));
    }

    private static void Write(RecordWriter writer, RequestList list)
    {
        var stamps = new StampWriter(writer);
        Span<int> places = stackalloc int[RequestChunk.Size];
        writer.WriteNumber(0); // Nothing is forgotten.
        writer.WriteNumber(list.Count);
        for (var index = 0; index < list.Chunks; index++)
        {
            var chunk = list.Chunk(index);
            places.Fill(-1);
            for (var each = 0; each < chunk.Count; each++)
                stamps.Write(chunk.TimeMs(each), chunk.Outcome(each), ref places[chunk.OutcomeIndex(each)]);
        }

        stamps.End();

        for (var index = 0; index < list.Chunks; index++) writer.WriteFixed(list.Chunk(index).Fingerprints);
        for (var index = 0; index < list.Chunks; index++) writer.WriteFixed(list.Chunk(index).LowKeys);
        for (var index = 0; index < list.Chunks; index++) writer.WriteFixed(list.Chunk(index).HighKeys);
    }

    private static KeyChanges ReadKeys(ref RecordReader reader, bool isWide, byte form)
    {
        var forgotten = new KeyRun[reader.ReadCount()];
        for (var (index, end) = (0, 0); index < forgotten.Length; end = forgotten[index++].End)
        {
            forgotten[index] = new(Place(end + reader.ReadNumber()), Place(reader.ReadNumber()));
            _ = Place((long)forgotten[index].Start + forgotten[index].Count);
        }

        var added = new RememberedRequest[reader.ReadCount()];
        if (form == Form) ReadColumns(ref reader, added, isWide);
        else ReadRows(ref reader, added, isWide);
        return new([.. forgotten], [.. added]);
    }

    private static void ReadColumns(ref RecordReader reader, Span<RememberedRequest> added, bool isWide)
    {
        var (timeMs, last) = (0L, 0);
        var outcomes = new List<ImmutableArray<byte>>();
        foreach (ref var request in added)
        {
            timeMs = ReadTime(ref reader, timeMs);
            var place = reader.ReadNumber() - 1;
            if (place >= 0) last = (int)Math.Min(place, int.MaxValue);
            if (last == outcomes.Count) outcomes.Add([.. reader.ReadBlock()]);
            if (last > outcomes.Count - 1) throw new InvalidDataException($"there are {outcomes.Count} outcomes, {last} is not one");
            request = new(default, timeMs, 0, outcomes[last]);
        }

        foreach (ref var request in added) request = request with { Fingerprint = reader.ReadFixed() };
        foreach (ref var request in added) request = request with { Key = reader.ReadFixed() };
        if (!isWide) return;
        foreach (ref var request in added) request = request with { Key = new(reader.ReadFixed(), (ulong)request.Key) };
    }

    private static void ReadRows(ref RecordReader reader, Span<RememberedRequest> added, bool isWide)
    {
        var (timeMs, outcome) = (0L, ImmutableArray<byte>.Empty);
        foreach (ref var request in added)
        {
            timeMs = ReadTime(ref reader, timeMs);
            var length = reader.ReadCount();
            if (length > 0) outcome = [.. reader.ReadBytes(length - 1)];
            var fingerprint = reader.ReadFixed();
            var low = reader.ReadFixed();
            request = new(new UInt128(isWide ? reader.ReadFixed() : 0, low), timeMs, fingerprint, outcome);
        }
    }

    private static long ReadTime(ref RecordReader reader, long before)
    {
        var distance = reader.ReadNumber();
        return unchecked(before + (long.IsOddInteger(distance) ? -(distance / 2) : distance / 2));
    }

    private static int Place(long place) =>
        place <= RequestLimits.MostHandMadeKeys
            ? (int)place
            : throw new InvalidDataException($"no memory has {place} requests");

    /// <summary>Writes the column of times and outcomes.</summary>
    private ref struct StampWriter
    {
        private readonly RecordWriter _writer;
        private readonly Dictionary<ImmutableArray<byte>, int> _known;
        private long _timeMs;
        private int _last = -1;

        public StampWriter(RecordWriter writer)
        {
            _writer = writer;
            _known = _places ??= new(new SameBytes());
            _known.Clear(); // A list that could not be written to its end has left its own.
        }

        /// <summary>Frees the outcomes, and a table that has grown large.</summary>
        public readonly void End()
        {
            if (_known.Count > MaxKeptPlaces) _places = null;
            else _known.Clear();
        }

        /// <summary>Writes the next one.</summary>
        /// <param name="timeMs">The time.</param>
        /// <param name="outcome">The outcome.</param>
        /// <param name="place">The place of the outcome; below 0 if the caller does not know it.</param>
        public void Write(long timeMs, ImmutableArray<byte> outcome, ref int place)
        {
            var distance = timeMs - _timeMs;
            _timeMs = timeMs;
            _writer.WriteNumber(distance < 0 ? (-2 * distance) + 1 : 2 * distance);
            var isNew = place < 0 && !_known.TryGetValue(outcome, out place);
            if (isNew) _known.Add(outcome, place = _known.Count);
            _writer.WriteNumber(place == _last ? 0 : 1 + place);
            if (isNew) _writer.WriteBlock(outcome.AsSpan());
            _last = place;
        }
    }

    private sealed class SameBytes : IEqualityComparer<ImmutableArray<byte>>
    {
        public bool Equals(ImmutableArray<byte> x, ImmutableArray<byte> y) => x.AsSpan().SequenceEqual(y.AsSpan());

        public int GetHashCode(ImmutableArray<byte> obj)
        {
            var hash = new HashCode();
            hash.AddBytes(obj.AsSpan());
            return hash.ToHashCode();
        }
    }
}
