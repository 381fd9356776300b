using System.Globalization;

namespace Snapshots.Storage;

/// <summary>The text form of a version, as Orleans keeps it with the state.</summary>
internal static class ETag
{
    /// <summary>Never given out, so it matches no row.</summary>
    public const long Foreign = 0;

    public static string? Format(long? version) => version?.ToString(CultureInfo.InvariantCulture);

    /// <returns>Null for no etag; <see cref="Foreign"/> for a text that this storage never made.</returns>
    public static long? Parse(string? etag)
    {
        if (string.IsNullOrEmpty(etag))
            return null;
        return long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : Foreign;
    }
}
