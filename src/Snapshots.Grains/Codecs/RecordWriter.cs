using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Snapshots.Grains;

/// <summary>
/// Writes the primitives of the project's binary format: variable-length integers, strings, blocks. Little-endian.
/// </summary>
internal sealed class RecordWriter : IBufferWriter<byte>
{
    private const int MaxVariableLength = 10;
    private const int FirstLength = 256;
    private const int MaxBytesPerChar = 3;

    /// <summary>The length of such a text takes one byte, whatever it says.</summary>
    private const int MaxShortText = 0x7F / MaxBytesPerChar;

    /// <summary>None before something is written: many an idle process has several writers.</summary>
    private byte[] _buffer = [];
    private int _written;

    /// <summary>The bytes written since the last <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _written);

    /// <inheritdoc cref="Written"/>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _written);

    public void Reset() => _written = 0;

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_written);
    }

    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[_written++] = value;
    }

    /// <summary>Seven bits a byte, the lowest first, the high bit set on all but the last (LEB128).</summary>
    public void WriteNumber(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Reserve(MaxVariableLength);
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7) _buffer[_written++] = (byte)((rest & 0x7F) | 0x80);
        _buffer[_written++] = (byte)rest;
    }

    public void WriteFixed(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(GetSpan(sizeof(ulong)), value);
        _written += sizeof(ulong);
    }

    public void WriteFixed(ReadOnlySpan<ulong> values)
    {
        var destination = GetSpan(values.Length * sizeof(ulong));
        if (BitConverter.IsLittleEndian) MemoryMarshal.AsBytes(values).CopyTo(destination);
        else BinaryPrimitives.ReverseEndianness(values, MemoryMarshal.Cast<byte, ulong>(destination)[..values.Length]);
        _written += values.Length * sizeof(ulong);
    }

    public void WriteText(string value)
    {
        if (value.Length <= MaxShortText)
        {
            Reserve(1 + (MaxBytesPerChar * value.Length));
            var written = Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_written + 1));
            _buffer[_written] = (byte)written;
            _written += 1 + written;
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        WriteNumber(length);
        _written += Encoding.UTF8.GetBytes(value, GetSpan(length));
    }

    public void WriteBlock(ReadOnlySpan<byte> block)
    {
        WriteNumber(block.Length);
        block.CopyTo(GetSpan(block.Length));
        _written += block.Length;
    }

    private void Reserve(int count)
    {
        if (count > _buffer.Length - _written) Array.Resize(ref _buffer, Math.Max(Math.Max(FirstLength, 2 * _buffer.Length), _written + count));
    }
}
