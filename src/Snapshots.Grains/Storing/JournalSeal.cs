using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Snapshots.Grains;

/// <summary>What a sealed content is.</summary>
internal enum JournalKind : byte
{
    Checkpoint = 1,
    Entry = 2,
}

/// <summary>
/// Seals what a process stores, so that a change of it is noticed, or that it lies in another process's place or in the
/// place of another write. Against faults, not against attackers.
/// </summary>
/// <remarks>
/// The sealed form, integers little-endian: format version (1 byte), kind (1 byte), number (8 bytes), content, and a
/// checksum of all of it (8 bytes): XXH3 (64 bits), seeded with the XXH3 of the grain id's text in UTF-8.
/// </remarks>
internal sealed class JournalSeal(GrainId process)
{
    public const byte Format = 1;

    /// <summary>Bytes that the seal adds to the content.</summary>
    public const int Overhead = HeaderBytes + sizeof(ulong);

    private const int HeaderBytes = 2 + sizeof(long);

    private readonly long _seed = unchecked((long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(process.ToString())));

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

    /// <summary>The content of a sealed checkpoint or entry; it shares the memory of the stored one.</summary>
    /// <exception cref="DamagedStateException">It is not what was sealed for this process, kind and number.</exception>
    public ReadOnlyMemory<byte> Open(JournalKind kind, StoredEntry stored)
    {
        var name = $"{(kind == JournalKind.Checkpoint ? "checkpoint" : "entry")} {stored.Number}";
        var bytes = stored.Content.Span;
        if (bytes.Length < Overhead) throw new DamagedStateException(process, $"{name} has only {bytes.Length} bytes");
        if (bytes[0] != Format)
        {
            throw new DamagedStateException(
                process, $"{name} has format {bytes[0]}, this program reads format {Format}");
        }

        var end = bytes.Length - sizeof(ulong);
        var checksum = BinaryPrimitives.ReadUInt64LittleEndian(bytes[end..]);
        if (XxHash3.HashToUInt64(bytes[..end], _seed) != checksum)
        {
            throw new DamagedStateException(process, $"{name} was changed, or belongs to another process");
        }

        var number = BinaryPrimitives.ReadInt64LittleEndian(bytes[2..]);
        if (bytes[1] != (byte)kind || number != stored.Number)
        {
            throw new DamagedStateException(process, $"number {number} is stored in the place of {name}");
        }

        return stored.Content[HeaderBytes..end];
    }
}
