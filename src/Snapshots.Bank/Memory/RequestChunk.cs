using System.Buffers.Binary;
using System.Text;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// Some outcomes in the order in which their requests came, 1 to <see cref="BankLimits.RequestsPerChunk"/>: the unit in
/// which a memory is shared between states, compared by reference, and stored. Immutable.
/// </summary>
/// <remarks>
/// The stored form, all numbers lowest byte first:
/// <code>
/// 8 bytes     header: form (1), number n of entries, six zeros
/// 8n bytes    tokens: hash of a hand-made key; random bits of a timed one, mixed with its time
/// 8n bytes    fingerprints of the parameters
/// 8n bytes    stamps: time in the upper 56 bits (2^48−1 for a hand-made key), reason in the lower 8
/// the rest    for each hand-made key, in order: length in one byte, ASCII text
/// </code>
/// A search runs over the tokens, eight bytes each and side by side, which the processor compares several at a time; and only if
/// the wanted key's time lies between those of the chunk, which for a new key is true of the last chunks alone.
/// </remarks>
public sealed class RequestChunk
{
    private const byte Form = 1;
    private const int HeaderBytes = 8;
    private const int ColumnBytes = sizeof(ulong);
    private const int Columns = 3;

    /// <summary>Entries for which a chunk has room at first; four times as many each time that it is full.</summary>
    internal const int FirstCapacity = 4;

    private readonly RequestColumns _columns;
    private readonly Bounds _own;
    private readonly Bounds _soFar;

    private RequestChunk(RequestColumns columns, int count, Bounds own, Bounds soFar) =>
        (_columns, Count, _own, _soFar) = (columns, count, own, soFar);

    /// <summary>Entries in the chunk.</summary>
    public int Count { get; }

    /// <summary>The stored form, made anew.</summary>
    public ReadOnlyMemory<byte> Bytes => ToStored();

    /// <summary>How many of the keys are hand-made.</summary>
    internal int HandMade => _own.HandMade;

    /// <summary>Reads a stored chunk.</summary>
    /// <exception cref="FormatException">These are not the bytes of a chunk.</exception>
    internal static RequestChunk Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != Form) throw new FormatException("not a chunk of form 1");
        var count = bytes[1];
        var place = HeaderBytes + (Columns * ColumnBytes * count);
        if (count is 0 or > BankLimits.RequestsPerChunk || bytes.Length < place)
        {
            throw new FormatException($"a chunk of {bytes.Length} bytes cannot hold {count} entries");
        }

        var slots = new RequestSlot[count];
        for (var index = 0; index < count; index++)
        {
            var stamp = Word(bytes, (2 * count) + index);
            var slot = new RequestSlot(Word(bytes, index), Word(bytes, count + index), stamp, RequestSlot.HasNoTime(stamp) ? Text(bytes, ref place) : null);
            if (!RequestEntry.IsStorableReason(slot.Reason)) throw new FormatException($"entry {index} of a chunk is no outcome");
            if (slot.IsTimed && !RequestKey.IsTime(slot.TimeMs)) throw new FormatException($"entry {index} of a chunk has no time");
            slots[index] = slot;
        }

        return place == bytes.Length ? Of(slots) : throw new FormatException("the texts of a chunk do not fill it");
    }

    /// <summary>Makes a chunk of those entries.</summary>
    internal static RequestChunk Of(ReadOnlySpan<RequestSlot> slots, int capacity = 0)
    {
        var columns = new RequestColumns(Math.Max(slots.Length, capacity));
        var bounds = Bounds.None;
        for (var index = 0; index < slots.Length; index++)
        {
            columns.TryPut(index, slots[index]);
            bounds = bounds.With(slots[index]);
        }

        return new(columns, slots.Length, bounds, bounds);
    }

    /// <summary>The chunk with one entry more; of these, one takes the room that there is, and any other a copy.</summary>
    internal RequestChunk Append(in RequestSlot slot)
    {
        if (_columns.TryPut(Count, slot)) return new(_columns, Count + 1, _own.With(slot), _soFar.With(slot));
        var capacity = Math.Clamp(4 * Count, FirstCapacity, BankLimits.RequestsPerChunk);
        var copy = Of(Slots(), capacity);
        return new RequestChunk(copy._columns, Count, _own, _soFar).Append(slot);
    }

    /// <summary>The chunk as the one that follows another: what it says of earlier keys covers that one's.</summary>
    internal RequestChunk After(RequestChunk? previous) => previous is null || _soFar.Cover(previous._soFar)
        ? this
        : new(_columns, Count, _own, _soFar.With(previous._soFar));

    /// <summary>Whether this chunk is an earlier one with entries appended.</summary>
    internal bool HasGrownFrom(RequestChunk earlier)
    {
        if (earlier.Count >= Count) return false;
        for (var index = 0; index < earlier.Count && _columns != earlier._columns; index++)
        {
            if (_columns[index] != earlier._columns[index]) return false;
        }

        return true;
    }

    /// <summary>Whether neither this chunk nor an earlier one can hold that key.</summary>
    internal bool EndsSearch(in RequestSlot wanted) => !_soFar.MayHold(wanted);

    /// <summary>The entry with the key of <paramref name="wanted"/>, if it is here.</summary>
    internal bool TryFind(in RequestSlot wanted, out RequestSlot found)
    {
        found = default;
        if (!_own.MayHold(wanted)) return false;
        var tokens = _columns.Tokens[..Count];
        for (var start = 0; start < tokens.Length;)
        {
            var place = tokens[start..].IndexOf(wanted.Token);
            if (place < 0) break;
            found = _columns[start + place];
            if (found.HasKeyOf(wanted)) return true;
            start += place + 1;
        }

        found = default;
        return false;
    }

    /// <summary>One entry.</summary>
    internal RequestSlot this[int index] => _columns[index];

    /// <summary>The stamp of one entry; see <see cref="RequestSlot.Stamp"/>.</summary>
    internal ulong Stamp(int index) => _columns.Stamp(index);

    /// <summary>The entries in order, from one on.</summary>
    internal RequestSlot[] Slots(int from = 0)
    {
        var slots = new RequestSlot[Count - from];
        for (var index = 0; index < slots.Length; index++) slots[index] = _columns[from + index];
        return slots;
    }

    /// <summary>The stored form, made anew, of the entries from one on.</summary>
    internal byte[] ToStored(int from = 0)
    {
        var count = Count - from;
        var textBytes = 0;
        for (var index = from; index < Count && HandMade > 0; index++) textBytes += _columns[index].Text is { } text ? 1 + text.Length : 0;
        var place = HeaderBytes + (Columns * ColumnBytes * count);
        var bytes = new byte[place + textBytes];
        (bytes[0], bytes[1]) = (Form, (byte)count);
        for (var index = 0; index < count; index++)
        {
            var slot = _columns[from + index];
            PutWord(bytes, index, slot.Token);
            PutWord(bytes, count + index, slot.Fingerprint);
            PutWord(bytes, (2 * count) + index, slot.Stamp);
            if (slot.Text is null) continue;
            bytes[place++] = checked((byte)slot.Text.Length);
            place += Encoding.ASCII.GetBytes(slot.Text, bytes.AsSpan(place));
        }

        return bytes;
    }

    private static string Text(ReadOnlySpan<byte> bytes, ref int place)
    {
        if (place >= bytes.Length || place + 1 + bytes[place] > bytes.Length) throw new FormatException("a text of a chunk is cut off");
        var text = Encoding.ASCII.GetString(bytes.Slice(place + 1, bytes[place]));
        place += 1 + text.Length;
        return text;
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[(HeaderBytes + (index * ColumnBytes))..]);

    private static void PutWord(Span<byte> bytes, int index, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(HeaderBytes + (index * ColumnBytes))..], value);

    /// <summary>Between which times keys lie, and how many have none; by them most searches end without a look at a key.</summary>
    /// <param name="EarliestMs">The earliest time of a timed key; later than the latest when there is none.</param>
    /// <param name="LatestMs">The latest.</param>
    /// <param name="HandMade">How many keys are hand-made.</param>
    private readonly record struct Bounds(long EarliestMs, long LatestMs, int HandMade)
    {
        public static Bounds None { get; } = new(long.MaxValue, long.MinValue, 0);

        public Bounds With(in RequestSlot slot) => slot.IsTimed
            ? this with { EarliestMs = Math.Min(EarliestMs, slot.TimeMs), LatestMs = Math.Max(LatestMs, slot.TimeMs) }
            : this with { HandMade = HandMade + 1 };

        public Bounds With(Bounds other) => new(
            Math.Min(EarliestMs, other.EarliestMs), Math.Max(LatestMs, other.LatestMs), Math.Max(HandMade, other.HandMade));

        public bool Cover(Bounds other) =>
            EarliestMs <= other.EarliestMs && LatestMs >= other.LatestMs && (HandMade > 0 || other.HandMade == 0);

        public bool MayHold(in RequestSlot wanted) =>
            wanted.IsTimed ? wanted.TimeMs >= EarliestMs && wanted.TimeMs <= LatestMs : HandMade > 0;
    }
}
