using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// The 64-bit FNV-1a hash (Fowler, Noll, Vo). Its values are stored and compared between machines and versions, so it
/// is implemented here. Immutable: each step returns the hash with one more piece. Not secure against attackers.
/// </summary>
internal readonly struct Fnv1a
{
    private const ulong Offset = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    private readonly ulong _value;

    public Fnv1a() => _value = Offset;

    private Fnv1a(ulong value) => _value = value;

    public ulong Value => _value;

    public Fnv1a Then(byte piece) => new(unchecked((_value ^ piece) * Prime));

    /// <summary>The eight bytes, lowest first.</summary>
    public Fnv1a Then(long number)
    {
        var hash = this;
        for (var shift = 0; shift < 64; shift += 8) hash = hash.Then(unchecked((byte)(number >> shift)));
        return hash;
    }

    /// <summary>The text of a key.</summary>
    public Fnv1a Then(RequestKey key)
    {
        Span<char> text = stackalloc char[RequestKey.MaxLength];
        return Then(text[..key.CopyTo(text)]);
    }

    /// <summary>
    /// Adds the ASCII characters of an identifier and a zero, which no identifier has, so that pieces cannot merge.
    /// </summary>
    public Fnv1a Then(ReadOnlySpan<char> identifier)
    {
        var hash = this;
        foreach (var character in identifier) hash = hash.Then((byte)character);
        return hash.Then(0);
    }
}
