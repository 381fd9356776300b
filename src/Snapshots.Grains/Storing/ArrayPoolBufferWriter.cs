using System.Buffers;

namespace Snapshots.Grains;

/// <summary>A buffer of the shared pool, which grows.</summary>
internal sealed class ArrayPoolBufferWriter : IBufferWriter<byte>, IDisposable
{
    private const int FirstBytes = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _written;

    /// <summary>What is written, until it is disposed of.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _written);

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_written);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Reserve(int sizeHint)
    {
        var needed = checked(_written + Math.Max(sizeHint, 1));
        if (needed <= _buffer.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max((int)Math.Min(2L * _buffer.Length, Array.MaxLength), needed));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
