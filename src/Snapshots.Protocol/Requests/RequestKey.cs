namespace Snapshots.Protocol;

/// <summary>
/// Names one request at one process, so that a client can repeat the request without a second execution: any
/// <see cref="Identifier"/>. Two keys are equal when their texts are equal.
/// </summary>
/// <remarks>
/// A <b>timed</b> key carries the time at which a client made it: <c>t-</c>, the milliseconds since 1970 in 12
/// lower-case hexadecimal digits, <c>-</c>, 64 random bits in 16. Any other key is <b>hand-made</b>. <see
/// cref="RequestMemory"/> says what a process promises for each kind. Timed keys sort by time. <c>default</c> names
/// nothing.
/// </remarks>
public readonly record struct RequestKey : IComparable<RequestKey>
{
    /// <summary>The characters of the longest key.</summary>
    public const int MaxLength = Identifier.MaxLength;

    /// <summary>The last millisecond that a date can hold (year 9999); a later one does not make a timed key.</summary>
    internal const long MaxTimeMs = 253_402_300_799_999;

    private const string Prefix = "t-";
    private const int TimeDigits = 12;
    private const int RandomDigits = 16;
    private const int TimedLength = 2 + TimeDigits + 1 + RandomDigits;

    /// <summary>
    /// The text of a hand-made key; null for a timed key, whose parts make up its text, and for <c>default</c>.
    /// </summary>
    private readonly string? _text;

    /// <summary>The milliseconds of a timed key plus one; zero for any other.</summary>
    private readonly long _stamp;
    private readonly ulong _random;

    /// <summary>Makes the key of that text.</summary>
    /// <exception cref="ArgumentException">The text is not an <see cref="Identifier"/>.</exception>
    public RequestKey(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _ = Identifier.Validate(value, nameof(value));
        if (TryParse(value, out var timeMs, out _random)) _stamp = timeMs + 1;
        else _text = value;
    }

    private RequestKey(long timeMs, ulong random) => (_stamp, _random) = (timeMs + 1, random);

    /// <summary>The text; empty for <c>default</c>. A timed key makes a new string at each call.</summary>
    public string Value => _stamp == 0
        ? _text ?? string.Empty
        : string.Create(TimedLength, this, static (text, key) => key.Format(text));

    /// <summary>Whether the key carries a time.</summary>
    public bool IsTimed => _stamp != 0;

    /// <summary>Makes the timed key of those parts: the inverse of <see cref="TryGetParts"/>.</summary>
    /// <param name="timeMs">Milliseconds since 1970; see <see cref="IsTime"/>.</param>
    /// <param name="random">64 bits that no other key of the same process and millisecond has.</param>
    /// <exception cref="ArgumentOutOfRangeException">A key cannot carry that time.</exception>
    public static RequestKey Create(long timeMs, ulong random) => IsTime(timeMs)
        ? new(timeMs, random)
        : throw new ArgumentOutOfRangeException(nameof(timeMs), timeMs, "a key carries a time from 1970 to 9999");

    /// <summary>Whether a timed key can carry that time, in milliseconds since 1970.</summary>
    public static bool IsTime(long timeMs) => timeMs is >= 0 and <= MaxTimeMs;

    /// <summary>Returns the key unless it is <c>default</c>.</summary>
    /// <exception cref="ArgumentException">The key is <c>default</c>.</exception>
    public static RequestKey Require(RequestKey key, string parameterName) =>
        key != default ? key : throw new ArgumentException("a key is not empty", parameterName);

    /// <summary>The parts of a timed key; text and parts determine each other. False for any other key.</summary>
    public bool TryGetParts(out long timeMs, out ulong random)
    {
        (timeMs, random) = (_stamp - 1, _random);
        return IsTimed;
    }

    /// <summary>Writes the text, which is ASCII, and returns its length. It allocates nothing.</summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> characters.</param>
    /// <exception cref="ArgumentException">The room is too small.</exception>
    public int CopyTo(Span<char> destination)
    {
        if (IsTimed)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, TimedLength, nameof(destination));
            Format(destination[..TimedLength]);
            return TimedLength;
        }

        Value.CopyTo(destination);
        return Value.Length;
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

    private void Format(Span<char> text)
    {
        Prefix.CopyTo(text);
        FormatHex((ulong)(_stamp - 1), text.Slice(Prefix.Length, TimeDigits));
        text[Prefix.Length + TimeDigits] = '-';
        FormatHex(_random, text[^RandomDigits..]);
    }

    private static void FormatHex(ulong value, Span<char> digits)
    {
        for (var place = digits.Length - 1; place >= 0; place--, value >>= 4)
        {
            digits[place] = "0123456789abcdef"[(int)(value & 0xF)];
        }
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

    /// <summary>Reads lower case only: otherwise two texts would have the same parts.</summary>
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
