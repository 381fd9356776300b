using System.Globalization;

namespace Snapshots.Documents;

/// <summary>
/// ECMAScript's Number::toString in base 10, which RFC 8785 section 3.2.2.3 prescribes: the shortest digits that give
/// the same double again, in one of four layouts by the place of the decimal point.
/// </summary>
internal static class EcmaScriptNumber
{
    /// <summary>Formats a double; both zeros are <c>0</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is infinite or not a number, which JSON cannot express.
    /// </exception>
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), "JSON cannot express this number");
        if (value == 0) return "0";
        var (digits, point) = ShortestDigits(Math.Abs(value));
        var text = Layout(digits, point);
        return value < 0 ? "-" + text : text;
    }

    /// <summary>The digits s and the place n of the point: the value is 0.s times ten to the n.</summary>
    private static (string Digits, int Point) ShortestDigits(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);

        // "R" of .NET 10 drops a digit of some powers of two (2^-25 is one), below which doubles lie closer than above.
        var readsBack = double.Parse(text, CultureInfo.InvariantCulture) == value;
        if (!readsBack) text = value.ToString("E16", CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = pointAt < 0 ? mantissa.Length : pointAt;
        var digits = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        return (significant.TrimEnd('0'), whole + exponent - (digits.Length - significant.Length));
    }

    private static string Layout(string digits, int point)
    {
        var count = digits.Length;
        if (count <= point && point <= 21) return digits + new string('0', point - count);
        if (point is > 0 and <= 21) return $"{digits[..point]}.{digits[point..]}";
        if (point is > -6 and <= 0) return $"0.{new string('0', -point)}{digits}";
        var exponent = (point - 1).ToString("+0;-0", CultureInfo.InvariantCulture);
        return count == 1 ? $"{digits}e{exponent}" : $"{digits[..1]}.{digits[1..]}e{exponent}";
    }
}
