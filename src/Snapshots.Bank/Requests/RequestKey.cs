using System.Globalization;
using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// Names one request at one account, so that the request can be repeated without being executed twice: any
/// <see cref="Identifier"/>. Two are equal when their texts are equal.
/// </summary>
/// <remarks>
/// A key that <see cref="Create"/> made is <b>timed</b>: <c>t-</c>, the milliseconds since 1970 in 12 lower-case
/// hexadecimal digits, <c>-</c>, 64 random bits in 16. Any other key is <b>hand-made</b>. An account forgets old timed
/// keys at no cost, since their time says that they are old; what it has to keep of hand-made keys is bounded by
/// <see cref="BankLimits.MaxHandMadeKeys"/>. Timed keys sort by time. <c>default</c> names nothing.
/// </remarks>
public readonly record struct RequestKey : IComparable<RequestKey>
{
    /// <summary>The last millisecond that a date can hold (year 9999); a later one does not make a timed key.</summary>
    private const long MaxTimeMs = 253_402_300_799_999;

    private const string Prefix = "t-";
    private const int TimeDigits = 12;
    private const int RandomDigits = 16;
    private const int TimedLength = 2 + TimeDigits + 1 + RandomDigits;

    private readonly string? _value;

    /// <summary>Makes the key of that text.</summary>
    /// <exception cref="ArgumentException">The text is not an <see cref="Identifier"/>.</exception>
    public RequestKey(string value) => _value = Identifier.Validate(value, nameof(value));

    /// <summary>The text; empty for <c>default</c>.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Whether the key carries a time.</summary>
    public bool IsTimed => TryParse(out _, out _);

    /// <summary>Makes a timed key.</summary>
    /// <param name="now">The time, cut to milliseconds; not before 1970.</param>
    /// <param name="random">64 bits that no other key of the same account and millisecond has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970.</exception>
    public static RequestKey Create(DateTimeOffset now, ulong random)
    {
        var timeMs = now.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(timeMs, nameof(now));
        return FromParts(timeMs, random);
    }

    /// <summary>The time of a timed key, in UTC, cut to milliseconds.</summary>
    public bool TryGetTime(out DateTimeOffset time)
    {
        var isTimed = TryParse(out var timeMs, out _);
        time = isTimed ? DateTimeOffset.FromUnixTimeMilliseconds(timeMs) : default;
        return isTimed;
    }

    /// <summary>Ordinal order of the texts.</summary>
    public int CompareTo(RequestKey other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Whether the left key comes first in ordinal order.</summary>
    public static bool operator <(RequestKey left, RequestKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left key comes first in ordinal order or is the same.</summary>
    public static bool operator <=(RequestKey left, RequestKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left key comes last in ordinal order.</summary>
    public static bool operator >(RequestKey left, RequestKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left key comes last in ordinal order or is the same.</summary>
    public static bool operator >=(RequestKey left, RequestKey right) => left.CompareTo(right) >= 0;

    /// <summary>The text.</summary>
    public override string ToString() => Value;

    /// <summary>The timed key of those parts: the inverse of <see cref="TryParse"/>.</summary>
    internal static RequestKey FromParts(long timeMs, ulong random) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{timeMs:x12}-{random:x16}"));

    /// <summary>
    /// The parts of a timed key. The text and the parts determine each other, so a memory may keep the parts alone.
    /// </summary>
    internal bool TryParse(out long timeMs, out ulong random)
    {
        (timeMs, random) = (0, 0);
        var text = Value.AsSpan();
        if (text.Length != TimedLength || !text.StartsWith(Prefix)) return false;
        if (text[Prefix.Length + TimeDigits] != '-') return false;
        if (!TryParseHex(text.Slice(Prefix.Length, TimeDigits), out var time) || time > MaxTimeMs) return false;
        if (!TryParseHex(text[^RandomDigits..], out random)) return false;
        timeMs = (long)time;
        return true;
    }

    /// <summary>Returns the key unless it is <c>default</c>.</summary>
    internal static RequestKey Require(RequestKey key, string parameterName) =>
        key != default ? key : throw new ArgumentException("a key is not empty", parameterName);

    /// <summary>Lower case only: else two texts would have the same parts.</summary>
    private static bool TryParseHex(ReadOnlySpan<char> digits, out ulong value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigitLower(digit)) return false;
            value = (value << 4) | (uint)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }

        return true;
    }
}
