using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Snapshots.Bank;

/// <summary>
/// Some outcomes in the order in which their requests came, 1 to <see cref="BankLimits.RequestsPerChunk"/>: the unit in
/// which a memory is shared between states, compared by reference, and stored. Immutable.
/// </summary>
/// <remarks>
/// The bytes are memory form and stored form in one, so to write a chunk is to copy it. All numbers lowest byte first:
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
    private const int ColumnBytes = 8;
    private const int Columns = 3;

    private readonly byte[] _bytes;

    /// <summary>The times of the timed keys lie between these; the first is later than the second when there are none.</summary>
    private long _earliestMs = long.MaxValue;
    private long _latestMs = long.MinValue;
    private int _handMade;

    private RequestChunk(byte[] bytes) => _bytes = bytes;

    /// <summary>Entries in the chunk.</summary>
    public int Count => _bytes[1];

    /// <summary>The stored form.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The stored form itself, for a serializer that only reads it.</summary>
    internal byte[] Stored => _bytes;

    /// <summary>How many of the keys are hand-made.</summary>
    internal int HandMade => _handMade;

    private int TextStart => HeaderBytes + (Columns * ColumnBytes * Count);

    /// <summary>Reads a stored chunk; the array must not be changed afterwards.</summary>
    /// <exception cref="FormatException">These are not the bytes of a chunk.</exception>
    internal static RequestChunk Read(byte[] bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != Form) throw new FormatException("not a chunk of form 1");
        var chunk = new RequestChunk(bytes);
        if (chunk.Count is 0 or > BankLimits.RequestsPerChunk || bytes.Length < chunk.TextStart)
        {
            throw new FormatException($"a chunk of {bytes.Length} bytes cannot hold {chunk.Count} entries");
        }

        var place = chunk.TextStart;
        for (var index = 0; index < chunk.Count; index++)
        {
            if (!RequestEntry.IsStorableReason(new RequestSlot(0, 0, chunk.Stamp(index), null).Reason))
            {
                throw new FormatException($"entry {index} of a chunk is no outcome");
            }

            chunk.Note(chunk.Stamp(index));
            if (!RequestSlot.HasNoTime(chunk.Stamp(index))) continue;
            place += place < bytes.Length ? 1 + bytes[place] : 1;
        }

        return place == bytes.Length ? chunk : throw new FormatException("the texts of a chunk do not fill it");
    }

    /// <summary>Makes a chunk of those entries.</summary>
    internal static RequestChunk Of(ReadOnlySpan<RequestSlot> slots)
    {
        var textBytes = 0;
        foreach (var slot in slots) textBytes += slot.Text is null ? 0 : 1 + slot.Text.Length;
        var bytes = new byte[HeaderBytes + (Columns * ColumnBytes * slots.Length) + textBytes];
        bytes[0] = Form;
        bytes[1] = checked((byte)slots.Length);
        var chunk = new RequestChunk(bytes);
        var place = chunk.TextStart;
        for (var index = 0; index < slots.Length; index++) place = chunk.Put(index, slots[index], place);
        return chunk;
    }

    /// <summary>The chunk with one entry more.</summary>
    internal RequestChunk Append(RequestSlot slot)
    {
        var bytes = new byte[_bytes.Length + (Columns * ColumnBytes) + (slot.Text is null ? 0 : 1 + slot.Text.Length)];
        bytes[0] = Form;
        bytes[1] = checked((byte)(Count + 1));
        var longer = new RequestChunk(bytes) { _earliestMs = _earliestMs, _latestMs = _latestMs, _handMade = _handMade };
        for (var column = 0; column < Columns; column++) Column(column).CopyTo(longer.Column(column));
        var texts = _bytes.AsSpan(TextStart);
        texts.CopyTo(bytes.AsSpan(longer.TextStart));
        longer.Put(Count, slot, longer.TextStart + texts.Length);
        return longer;
    }

    /// <summary>The entries that this chunk has more than an earlier one, if it is that one with entries appended.</summary>
    internal bool TryGetGrowth(RequestChunk earlier, [NotNullWhen(true)] out RequestChunk? growth)
    {
        growth = null;
        if (earlier.Count >= Count) return false;
        for (var column = 0; column < Columns; column++)
        {
            if (!Column(column).StartsWith(earlier.Column(column))) return false;
        }

        if (!_bytes.AsSpan(TextStart).StartsWith(earlier._bytes.AsSpan(earlier.TextStart))) return false;
        growth = Of(Slots().AsSpan(earlier.Count));
        return true;
    }

    /// <summary>The entry with the key of <paramref name="wanted"/>, if it is here.</summary>
    internal bool TryFind(RequestSlot wanted, out RequestSlot found)
    {
        found = default;
        if (wanted.IsTimed ? wanted.TimeMs < _earliestMs || wanted.TimeMs > _latestMs : _handMade == 0) return false;
        var tokens = MemoryMarshal.Cast<byte, ulong>(Column(0));
        var token = BitConverter.IsLittleEndian ? wanted.Token : BinaryPrimitives.ReverseEndianness(wanted.Token);
        for (var start = 0; start < tokens.Length;)
        {
            var place = tokens[start..].IndexOf(token);
            if (place < 0) break;
            found = Slot(start + place);
            if (found.HasKeyOf(wanted)) return true;
            start += place + 1;
        }

        found = default;
        return false;
    }

    /// <summary>The entries in order.</summary>
    internal RequestSlot[] Slots()
    {
        var slots = new RequestSlot[Count];
        var place = TextStart;
        for (var index = 0; index < slots.Length; index++)
        {
            slots[index] = new(Word(0, index), Word(1, index), Stamp(index), TextAt(index, place));
            place += slots[index].Text is { } text ? 1 + text.Length : 0;
        }

        return slots;
    }

    private RequestSlot Slot(int index)
    {
        var place = TextStart;
        if (RequestSlot.HasNoTime(Stamp(index)))
        {
            for (var earlier = 0; earlier < index; earlier++)
            {
                if (RequestSlot.HasNoTime(Stamp(earlier))) place += 1 + _bytes[place];
            }
        }

        return new(Word(0, index), Word(1, index), Stamp(index), TextAt(index, place));
    }

    private int Put(int index, RequestSlot slot, int textPlace)
    {
        PutWord(0, index, slot.Token);
        PutWord(1, index, slot.Fingerprint);
        PutWord(2, index, slot.Stamp);
        Note(slot.Stamp);
        if (slot.Text is null) return textPlace;
        _bytes[textPlace] = checked((byte)slot.Text.Length);
        return textPlace + 1 + Encoding.ASCII.GetBytes(slot.Text, _bytes.AsSpan(textPlace + 1));
    }

    private void Note(ulong stamp)
    {
        if (RequestSlot.HasNoTime(stamp))
        {
            _handMade++;
            return;
        }

        _earliestMs = Math.Min(_earliestMs, RequestSlot.TimeOf(stamp));
        _latestMs = Math.Max(_latestMs, RequestSlot.TimeOf(stamp));
    }

    private string? TextAt(int index, int place) =>
        RequestSlot.HasNoTime(Stamp(index)) ? Encoding.ASCII.GetString(_bytes.AsSpan(place + 1, _bytes[place])) : null;

    private ulong Stamp(int index) => Word(2, index);

    private ulong Word(int column, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(Column(column)[(index * ColumnBytes)..]);

    private void PutWord(int column, int index, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Column(column)[(index * ColumnBytes)..], value);

    private Span<byte> Column(int column) =>
        _bytes.AsSpan(HeaderBytes + (column * ColumnBytes * Count), ColumnBytes * Count);
}
