using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Snapshots.Grains;

/// <summary>What a sealed content is.</summary>
internal enum JournalKind : byte
{
    Checkpoint = 1,
    Entry = 2,
    Row = 3,
}

/// <summary>
/// Seals what a grain stores, so that a change of it is noticed, or that it lies in another grain's place or in the
/// place of another write. Against faults, not against attackers.
/// </summary>
/// <remarks>
/// The sealed form, integers little-endian: format version (1 byte), kind (1 byte), number (8 bytes, 0 for a row),
/// content, and a checksum of all of it (8 bytes): XXH3 (64 bits), seeded with the XXH3 of the grain id's text in
/// UTF-8, followed for a row by a line feed and the row's name.
/// </remarks>
/// <param name="grain">The grain.</param>
/// <param name="row">The name of the row; null for the journal of a process.</param>
internal sealed class JournalSeal(GrainId grain, string? row = null)
{
    public const byte Format = 1;

    /// <summary>Bytes that the seal adds to the content.</summary>
    public const int Overhead = HeaderBytes + sizeof(ulong);

    private const int HeaderBytes = 2 + sizeof(long);

    private readonly long _seed =
        unchecked((long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(row is null ? $"{grain}" : $"{grain}\n{row}")));

    public byte[] Seal(JournalKind kind, long number, ReadOnlySpan<byte> content)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(content.Length + Overhead);
        bytes[0] = Format;
        bytes[1] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(2), number);
        content.CopyTo(bytes.AsSpan(HeaderBytes));
        var end = HeaderBytes + content.Length;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(end), XxHash3.HashToUInt64(bytes.AsSpan(0, end), _seed));
        return bytes;
    }

    /// <summary>The content of a sealed checkpoint, entry or row; it shares the memory of the stored one.</summary>
    /// <exception cref="DamagedStateException">It is not what was sealed for this grain, kind and number.</exception>
    public ReadOnlyMemory<byte> Open(JournalKind kind, StoredEntry stored)
    {
        var name = kind switch
        {
            JournalKind.Row => $"row {row}",
            JournalKind.Checkpoint => $"checkpoint {stored.Number}",
            _ => $"entry {stored.Number}",
        };
        var bytes = stored.Content.Span;
        if (bytes.Length < Overhead) throw new DamagedStateException(grain, $"{name} has only {bytes.Length} bytes");
        if (bytes[0] != Format)
        {
            throw new DamagedStateException(
                grain, $"{name} has format {bytes[0]}, this program reads format {Format}");
        }

        var end = bytes.Length - sizeof(ulong);
        var checksum = BinaryPrimitives.ReadUInt64LittleEndian(bytes[end..]);
        if (XxHash3.HashToUInt64(bytes[..end], _seed) != checksum)
        {
            throw new DamagedStateException(grain, $"{name} was changed, or belongs to another {(row is null ? "process" : "row")}");
        }

        var number = BinaryPrimitives.ReadInt64LittleEndian(bytes[2..]);
        if (bytes[1] != (byte)kind || number != stored.Number)
        {
            throw new DamagedStateException(grain, $"number {number} is stored in the place of {name}");
        }

        return stored.Content[HeaderBytes..end];
    }
}
