namespace Snapshots.Client;

/// <summary>The names of the output formats.</summary>
internal static class OutputFormats
{
    /// <summary>The names, as the option takes them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["table", "json", "jsonl"];

    /// <summary>The format of that name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static OutputFormat Read(string name) => name switch
    {
        "table" => OutputFormat.Table,
        "json" => OutputFormat.Json,
        "jsonl" => OutputFormat.JsonLines,
        _ => throw new InputException($"'{name}' is none of {string.Join(", ", Names)}"),
    };

    /// <summary>
    /// The format that the arguments ask for, also when they cannot be parsed: then whoever asked for JSON gets the error as JSON.
    /// </summary>
    public static OutputFormat InArguments(IReadOnlyList<string> args)
    {
        var format = OutputFormat.Table;
        for (var index = 0; index < args.Count; index++)
        {
            var next = index + 1 < args.Count ? args[index + 1] : string.Empty;
            var name = args[index] switch
            {
                "--" => null,
                "-o" or "--output" => next,
                var arg when arg.StartsWith("--output=", StringComparison.Ordinal) || arg.StartsWith("--output:", StringComparison.Ordinal)
                    => arg["--output=".Length..],
                var arg when arg.StartsWith("-o", StringComparison.Ordinal) => arg[2..].TrimStart('=', ':'),
                _ => string.Empty,
            };
            if (name is null) return format;
            if (name is "json" or "jsonl") format = Read(name);
        }

        return format;
    }
}
