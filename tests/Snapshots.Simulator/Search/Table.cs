namespace Snapshots.Simulator;

/// <summary>
/// Gives things numbers from 0 on, the same things the same number. They are told apart by all their bytes and not by a
/// hash, so no two different ones are ever taken for one.
/// </summary>
internal sealed class Table<T>
{
    private readonly Dictionary<byte[], int> _numbers = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<T> _items = [];

    public Table() => _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<byte>>();

    public T this[int number] => _items[number];

    /// <summary>The number of a thing with these bytes; the first such thing stays.</summary>
    public int Add(ReadOnlySpan<byte> bytes, T item)
    {
        if (_lookup.TryGetValue(bytes, out var number)) return number;
        _numbers.Add(bytes.ToArray(), _items.Count);
        _items.Add(item);
        return _items.Count - 1;
    }

    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static ByteComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
