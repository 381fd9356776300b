using System.Globalization;

namespace Snapshots.Documents;

/// <summary>The one form of a time in a document: UTC, to the millisecond.</summary>
internal static class DocumentTime
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary><c>2026-01-31T12:00:00.000Z</c>; what is below a millisecond is cut off.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>Whether a text is a time of exactly this form.</summary>
    public static bool IsValid(string text) =>
        DateTime.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
