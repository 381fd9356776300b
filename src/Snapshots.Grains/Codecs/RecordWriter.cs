using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Snapshots.Grains;

/// <summary>Writes the primitives of the project's binary format: variable-length integers, strings, blocks. Little-endian.</summary>
internal sealed class RecordWriter
{
    private const int MaxVariableLength = 10;
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>The bytes written since the last <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Where a serializer may write a block's content itself.</summary>
    public IBufferWriter<byte> Buffer => _buffer;

    public void Reset() => _buffer.ResetWrittenCount();

    public void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    /// <summary>Seven bits a byte, the lowest first, the high bit set on all but the last (LEB128).</summary>
    public void WriteNumber(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var span = _buffer.GetSpan(MaxVariableLength);
        var length = 0;
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7) span[length++] = (byte)((rest & 0x7F) | 0x80);
        span[length++] = (byte)rest;
        _buffer.Advance(length);
    }

    public void WriteFixed(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.GetSpan(sizeof(ulong)), value);
        _buffer.Advance(sizeof(ulong));
    }

    public void WriteText(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteNumber(length);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(Math.Max(length, 1)));
        _buffer.Advance(length);
    }

    public void WriteBlock(ReadOnlySpan<byte> block)
    {
        WriteNumber(block.Length);
        _buffer.Write(block);
    }
}
