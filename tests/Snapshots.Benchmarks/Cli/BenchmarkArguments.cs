namespace Snapshots.Benchmarks;

/// <summary>Reads the command line.</summary>
internal static class BenchmarkArguments
{
    public static string Usage(IReadOnlyList<string> known, IReadOnlyList<string> onlyByName) => $"""
        dotnet run -c Release --project tests/Snapshots.Benchmarks -- [options]

        --scenario NAME…   only these, in this order: {string.Join(", ", known)};
                           besides, only by its name: {string.Join(", ", onlyByName)}
        --quick            fewer and shorter rounds: all scenarios in two minutes
        --gateway          call through an Orleans client over TCP; without it, through the silo's own client
                           (durable-transfers measures both, whatever is given)
        --json FILE        write the results as JSON
        --markdown FILE    write the results as a Markdown page; in a document with a place for them, into it
        --micro [FILTER]   run BenchmarkDotNet on the core's hot paths instead (FILTER as in *Send*)
        """;

    /// <summary>Reads it.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="known">The scenarios of a whole run, in their order.</param>
    /// <param name="onlyByName">Those that run only when they are named.</param>
    /// <exception cref="UsageException">It cannot be understood.</exception>
    public static BenchmarkOptions Parse(
        IReadOnlyList<string> arguments, IReadOnlyList<string> known, IReadOnlyList<string> onlyByName)
    {
        var options = new BenchmarkOptions([], Quick: false, Gateway: false, null, null, null);
        for (var index = 0; index < arguments.Count;)
        {
            var option = arguments[index++];
            var values = new List<string>();
            while (index < arguments.Count && !arguments[index].StartsWith("--", StringComparison.Ordinal))
                values.Add(arguments[index++]);
            options = option switch
            {
                "--scenario" => options with { Scenarios = [.. options.Scenarios, .. Names(values, [.. known, .. onlyByName])] },
                "--quick" => Flag(option, values, options with { Quick = true }),
                "--gateway" => Flag(option, values, options with { Gateway = true }),
                "--json" => options with { JsonFile = Single(option, values) },
                "--markdown" => options with { MarkdownFile = Single(option, values) },
                "--micro" => options with { MicroFilter = values.Count == 0 ? "*" : Single(option, values) },
                _ => throw new UsageException($"{option} is not an option"),
            };
        }

        return options.Scenarios.Count > 0 ? options : options with { Scenarios = known };
    }

    private static List<string> Names(List<string> values, IReadOnlyList<string> known)
    {
        if (values.Count == 0) throw new UsageException("--scenario needs a name");
        return values.Find(value => !known.Contains(value)) is { } unknown
            ? throw new UsageException($"there is no scenario {unknown}; there are {string.Join(", ", known)}")
            : values;
    }

    private static string Single(string option, List<string> values) =>
        values.Count == 1 ? values[0] : throw new UsageException($"{option} needs one value");

    private static BenchmarkOptions Flag(string option, List<string> values, BenchmarkOptions options) =>
        values.Count == 0 ? options : throw new UsageException($"{option} takes no value");
}
