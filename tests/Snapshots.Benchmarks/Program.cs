using Snapshots.Benchmarks;

try
{
    if (args is ["--help" or "-h"])
    {
        Console.WriteLine(BenchmarkArguments.Usage(AllScenarios.Names));
        return 0;
    }

    var options = BenchmarkArguments.Parse(args, AllScenarios.Names);
    return options.MicroFilter is { } filter
        ? MicroBenchmarks.Run(filter)
        : await BenchmarkProgram.RunAsync(options, Console.Out);
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync($"error: {exception.Message}");
    return 2;
}
