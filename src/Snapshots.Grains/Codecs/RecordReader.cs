using System.Buffers.Binary;
using System.Text;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Reads what <see cref="RecordWriter"/> wrote. Damaged input throws <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte ReadByte() => Take(1)[0];

    public long ReadNumber()
    {
        ulong value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var part = ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return (long)value;
        }

        throw new InvalidDataException("a number is too long");
    }

    /// <summary>A count of things that follow, each at least one byte long.</summary>
    public int ReadCount()
    {
        var count = ReadNumber();
        return count <= _rest.Length ? (int)count : throw new InvalidDataException($"{count} items do not fit in {_rest.Length} bytes");
    }

    public ulong ReadFixed() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public ProcessId ReadProcess() => ProcessNames.Read(ReadBlock());

    public string ReadText() => Encoding.UTF8.GetString(ReadBlock());

    public ReadOnlySpan<byte> ReadBlock() => Take(ReadCount());

    public ReadOnlySpan<byte> ReadBytes(int length) => Take(length);

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length) throw new InvalidDataException("the data end too early");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
