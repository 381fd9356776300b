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

    /// <summary>The text of a hand-made key; none of a timed one, which its parts make up, and none of <c>default</c>.</summary>
    private readonly string? _text;

    /// <summary>The milliseconds of a timed key and one; zero of any other.</summary>
    private readonly long _stamp;
    private readonly ulong _random;

    /// <summary>Makes the key of that text.</summary>
    /// <exception cref="ArgumentException">The text is not an <see cref="Identifier"/>.</exception>
    public RequestKey(string value)
    {
        var text = Identifier.Validate(value, nameof(value));
        if (TryParse(text, out var timeMs, out _random)) _stamp = timeMs + 1;
        else _text = text;
    }

    private RequestKey(long timeMs, ulong random) => (_stamp, _random) = (timeMs + 1, random);

    /// <summary>The text; empty for <c>default</c>. Made anew at each call for a timed key.</summary>
    public string Value => _stamp == 0 ? _text ?? string.Empty : string.Create(TimedLength, this, static (text, key) => key.Format(text));

    /// <summary>Whether the key carries a time.</summary>
    public bool IsTimed => _stamp != 0;

    /// <summary>Makes a timed key.</summary>
    /// <param name="now">The time, cut to milliseconds; not before 1970.</param>
    /// <param name="random">64 bits that no other key of the same account and millisecond has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970.</exception>
    public static RequestKey Create(DateTimeOffset now, ulong random)
    {
        var timeMs = now.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(timeMs, nameof(now));
        return new(timeMs, random);
    }

    /// <summary>The time of a timed key, in UTC, cut to milliseconds.</summary>
    public bool TryGetTime(out DateTimeOffset time)
    {
        var isTimed = TryGetParts(out var timeMs, out _);
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

    /// <summary>The timed key of those parts: the inverse of <see cref="TryGetParts"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No date is that time.</exception>
    internal static RequestKey FromParts(long timeMs, ulong random)
    {
        if (!IsTime(timeMs)) throw new ArgumentOutOfRangeException(nameof(timeMs), timeMs, "no date is that time");
        return new(timeMs, random);
    }

    /// <summary>Whether a timed key can have that time.</summary>
    internal static bool IsTime(long timeMs) => timeMs is >= 0 and <= MaxTimeMs;

    /// <summary>
    /// The parts of a timed key. The text and the parts determine each other, so a memory may keep the parts alone.
    /// </summary>
    internal bool TryGetParts(out long timeMs, out ulong random)
    {
        (timeMs, random) = (_stamp - 1, _random);
        return IsTimed;
    }

    /// <summary>The hash after the text; see <see cref="Fnv1a.Then(ReadOnlySpan{char})"/>.</summary>
    internal Fnv1a AddTo(Fnv1a hash)
    {
        if (!IsTimed) return hash.Then(Value);
        Span<char> text = stackalloc char[TimedLength];
        Format(text);
        return hash.Then(text);
    }

    /// <summary>Returns the key unless it is <c>default</c>.</summary>
    internal static RequestKey Require(RequestKey key, string parameterName) =>
        key != default ? key : throw new ArgumentException("a key is not empty", parameterName);

    private void Format(Span<char> text)
    {
        Prefix.CopyTo(text);
        FormatHex((ulong)(_stamp - 1), text.Slice(Prefix.Length, TimeDigits));
        text[Prefix.Length + TimeDigits] = '-';
        FormatHex(_random, text[^RandomDigits..]);
    }

    private static void FormatHex(ulong value, Span<char> digits)
    {
        for (var place = digits.Length - 1; place >= 0; place--, value >>= 4) digits[place] = "0123456789abcdef"[(int)(value & 0xF)];
    }

    private static bool TryParse(string text, out long timeMs, out ulong random)
    {
        (timeMs, random) = (0, 0);
        if (text.Length != TimedLength || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (text[Prefix.Length + TimeDigits] != '-') return false;
        if (!TryParseHex(text.AsSpan(Prefix.Length, TimeDigits), out var time) || time > MaxTimeMs) return false;
        if (!TryParseHex(text.AsSpan(text.Length - RandomDigits), out var parsed)) return false;
        (timeMs, random) = ((long)time, parsed);
        return true;
    }

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
