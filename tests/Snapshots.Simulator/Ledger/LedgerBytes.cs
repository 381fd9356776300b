using System.Buffers.Binary;
using System.Collections.Immutable;
using Snapshots.Protocol;

namespace Snapshots.Simulator;

/// <summary>A buffer of numbers and names, written once and read once. One per thread serves every run.</summary>
internal sealed class LedgerBytes
{
    [ThreadStatic]
    private static LedgerBytes? _shared;

    private byte[] _bytes = new byte[4096];
    private int _length;
    private int _position;

    /// <summary>This thread's buffer, empty.</summary>
    public static LedgerBytes ForWriting()
    {
        var bytes = _shared ??= new();
        bytes._length = 0;
        return bytes;
    }

    /// <summary>The same buffer, at its start.</summary>
    public LedgerBytes ToReader()
    {
        _position = 0;
        return this;
    }

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    /// <exception cref="InvalidOperationException">Not everything was read.</exception>
    public void RequireEnd()
    {
        if (_position != _length) throw new InvalidOperationException("a record was not read to its end");
    }

    public void Write(long value)
    {
        if (_length + sizeof(long) > _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(long);
    }

    public void Write(MessageDigest digest) => Write(unchecked((long)digest.Value));

    /// <summary>A name of at most four characters, as one number.</summary>
    public void Write(ProcessId process)
    {
        var packed = 0L;
        foreach (var character in process.Value) packed = checked((packed << 16) | character);
        Write(packed);
    }

    /// <summary>A text, or none.</summary>
    public void Write(string? text)
    {
        Write(text?.Length ?? -1L);
        foreach (var character in text ?? string.Empty) Write((long)character);
    }

    public void Write<T>(ImmutableArray<T> items, Action<LedgerBytes, T> write)
    {
        Write(items.Length);
        foreach (var item in items) write(this, item);
    }

    public long ReadNumber()
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(_position, sizeof(long)));
        _position += sizeof(long);
        return value;
    }

    public MessageDigest ReadDigest() => new(unchecked((ulong)ReadNumber()));

    public ProcessId ReadProcess()
    {
        Span<char> characters = stackalloc char[4];
        var first = characters.Length;
        for (var packed = ReadNumber(); packed != 0; packed >>= 16) characters[--first] = (char)(packed & 0xFFFF);
        return ProcessNames.Find(characters[first..]);
    }

    public string? ReadText()
    {
        var length = (int)ReadNumber();
        return length < 0 ? null : string.Concat(Enumerable.Range(0, length).Select(_ => (char)ReadNumber()));
    }

    public ImmutableArray<T> Read<T>(Func<LedgerBytes, T> read)
    {
        var count = (int)ReadNumber();
        if (count == 0) return [];
        var items = ImmutableArray.CreateBuilder<T>(count);
        for (var index = 0; index < count; index++) items.Add(read(this));
        return items.MoveToImmutable();
    }
}
