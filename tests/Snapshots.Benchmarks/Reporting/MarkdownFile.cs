namespace Snapshots.Benchmarks;

/// <summary>
/// Puts results into a file: between two lines of a document, or as the whole file where there are no such lines.
/// </summary>
internal static class MarkdownFile
{
    public const string Begin = "<!-- results -->";
    public const string End = "<!-- end of results -->";

    public static async Task WriteAsync(string path, string page)
    {
        var before = File.Exists(path) ? await File.ReadAllTextAsync(path) : string.Empty;
        await File.WriteAllTextAsync(path, Put(before, page));
    }

    /// <summary>The document with the results in their place. Pure.</summary>
    public static string Put(string document, string page)
    {
        var begin = document.IndexOf(Begin, StringComparison.Ordinal);
        var end = document.IndexOf(End, StringComparison.Ordinal);
        return begin < 0 || end < begin
            ? page
            : $"{document[..(begin + Begin.Length)]}\n\n{page.Trim()}\n\n{document[end..]}";
    }
}
