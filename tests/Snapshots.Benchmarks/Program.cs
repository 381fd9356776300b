using Snapshots.Benchmarks;

string[] onlyByName = [.. AllScenarios.OnlyByName.Select(scenario => scenario.Name)];
try
{
    if (args is ["--help" or "-h"])
    {
        Console.WriteLine(BenchmarkArguments.Usage(AllScenarios.Names, onlyByName));
        return 0;
    }

    var options = BenchmarkArguments.Parse(args, AllScenarios.Names, onlyByName);
    return options.MicroFilter is { } filter
        ? MicroBenchmarks.Run(filter)
        : await BenchmarkProgram.RunAsync(options, Console.Out);
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync($"error: {exception.Message}");
    return 2;
}
