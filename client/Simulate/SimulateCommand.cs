using System.CommandLine;
using System.Globalization;
using Snapshots.Simulation;

namespace Snapshots.Client;

/// <summary><c>simulate</c>: the protocol core under random schedules and faults, each judged.</summary>
internal sealed class SimulateCommand : ClientCommand
{
    private const int DefaultSeeds = 2000;

    private readonly Option<int?> _seeds = Inputs.Option<int?>(
        "--seeds", "N", $"How many schedules (default {DefaultSeeds})", text => Read.Count(1, 100_000_000)(text));

    private readonly Option<long?> _from = Inputs.Option<long?>(
        "--from", "SEED", "The first seed (default 1); the others follow", text => Read.Seed(text));

    private readonly Option<bool> _mutants = Inputs.Flag("--mutants", "Also plant faults, and see that each is noticed");

    private readonly Option<long?> _trace = Inputs.Option<long?>(
        "--trace", "SEED", "Print one schedule, event by event, and nothing else", text => Read.Seed(text));

    public SimulateCommand(CommandContext context)
        : base("simulate", "Run the protocol core under random schedules and faults, and judge each.", context)
    {
        Add(_seeds);
        Add(_from);
        Add(_mutants);
        Add(_trace);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        if (run.Get(_trace) is { } traced) return ShowTrace(run, traced);
        var (from, seeds) = (run.Get(_from) ?? 1, run.Get(_seeds) ?? DefaultSeeds);
        var report = await run.Terminal.WithProgressAsync("simulate", bar => Task.Run(() => Simulate(run, from, seeds, bar), run.Interrupted));
        return run.Terminal.ShowObject(report.Write, report.Show, report.Failure);
    }

    private SimulateReport Simulate(CommandRun run, long from, int seeds, IProgressBar bar)
    {
        var result = Campaign.Run(
            from,
            seeds,
            done => bar.Report(done, seeds, string.Create(CultureInfo.InvariantCulture, $"{done} schedules")),
            run.Interrupted);
        var mutants = run.Get(_mutants) ? MutantHunt.Run(from, done => bar.Report(done, MutantHunt.Planted, "planted faults"), run.Interrupted) : default;
        run.Interrupted.ThrowIfCancellationRequested();
        return new(result, mutants);
    }

    private int ShowTrace(CommandRun run, long seed)
    {
        if (run.Has(_seeds) || run.Has(_from) || run.Get(_mutants))
        {
            throw new ClientException(ErrorCode.Usage, "--trace stands alone, without --seeds, --from and --mutants");
        }

        var schedule = ScheduleText.Of(seed);
        var failure = schedule.Broken is { } broken ? new Failure(ErrorCode.PropertyViolated, $"the schedule breaks {broken}") : null;
        return run.Terminal.ShowObject(
            writer =>
            {
                writer.WriteNumber("seed", seed);
                writer.WriteStartArray("lines");
                foreach (var line in schedule.Lines) writer.WriteStringValue(line);
                writer.WriteEndArray();
            },
            page => page.Raw(string.Concat(schedule.Lines.Select(line => line + "\n"))),
            failure);
    }
}
