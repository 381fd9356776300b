using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Snapshots.Diagrams;

namespace Snapshots.Simulator;

/// <summary>The program's one command: the protocol core under random schedules and faults, each judged.</summary>
internal sealed class SimulatorCommand : RootCommand
{
    private const int PropertyViolated = 6;
    private const int DefaultSeeds = 2000;
    private const int MaxSeeds = 100_000_000;
    private const string Json = "json";

    private readonly ProgressLine _progress;

    private readonly Option<int> _seeds = new("--seeds")
    {
        HelpName = "N",
        Description = "How many schedules",
        DefaultValueFactory = _ => DefaultSeeds,
    };

    private readonly Option<long> _from = new("--from")
    {
        HelpName = "SEED",
        Description = "The first seed; the others follow",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _mutants = new("--mutants") { Description = "Also plant faults, and see that each is noticed" };

    private readonly Option<long?> _trace = new("--trace")
    {
        HelpName = "SEED",
        Description = "Print one schedule, event by event, and nothing else",
    };

    private readonly Option<string?> _svg = new("--svg") { HelpName = "FILE", Description = "Also draw the schedule of --trace" };

    private readonly Option<string?> _shiViz = new("--shiviz")
    {
        HelpName = "FILE",
        Description = "Also write the schedule of --trace as a log for ShiViz",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "table|json",
        Description = "The form of what goes to stdout",
        DefaultValueFactory = _ => "table",
    };

    public SimulatorCommand(ProgressLine progress)
        : base("Run the protocol core under random schedules and faults, and judge each.")
    {
        _progress = progress;
        _seeds.Validators.Add(CheckSeeds);
        _output.AcceptOnlyFromAmong("table", Json);
        Option[] options = [_seeds, _from, _mutants, _trace, _svg, _shiViz, _output];
        foreach (var option in options) Add(option);
        Validators.Add(CheckTrace);
        SetAction((parsed, interrupted) => Task.Run(() => parsed.GetValue(_trace) is { } seed
            ? ShowTrace(parsed, seed)
            : RunCampaign(parsed, interrupted)));
    }

    private static void CheckSeeds(OptionResult result)
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var seeds)
            && seeds is < 1 or > MaxSeeds)
        {
            result.AddError($"--seeds: '{token.Value}' is not a whole number from 1 to {MaxSeeds}");
        }
    }

    private void CheckTrace(CommandResult result)
    {
        Option[] others = [_seeds, _from, _mutants];
        if (result.GetResult(_trace) is null && (result.GetResult(_svg) ?? result.GetResult(_shiViz)) is not null)
            result.AddError("--svg and --shiviz go with --trace");
        if (result.GetResult(_trace) is not null && others.Any(option => result.GetResult(option) is { Implicit: false }))
        {
            result.AddError("--trace excludes --seeds, --from and --mutants");
        }
    }

    private int RunCampaign(ParseResult parsed, CancellationToken interrupted)
    {
        var (from, seeds) = (parsed.GetValue(_from), parsed.GetValue(_seeds));
        var result = Campaign.Run(from, seeds, done => _progress.Show($"{done} of {seeds} schedules"), interrupted);
        var mutants = parsed.GetValue(_mutants)
            ? MutantHunt.Run(from, done => _progress.Show($"{done} of {MutantHunt.Planted} planted faults"), interrupted)
            : default;
        _progress.Clear();
        var report = new SimulatorReport(result, mutants);
        return Show(parsed, report.Write, report.ToText, report.Complaint);
    }

    private int ShowTrace(ParseResult parsed, long seed)
    {
        var (plan, verdict) = ScheduleText.Run(seed);
        var (lines, broken) = (ScheduleText.Of(plan, verdict), verdict.Breaches.FirstOrDefault()?.Invariant);
        var (svg, shiViz) = (parsed.GetValue(_svg), parsed.GetValue(_shiViz));
        if (svg is not null || shiViz is not null)
        {
            var picture = TracePicture.Of(verdict.Trace, string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
            PictureFile.Write(svg, () => SpaceTimeDiagram.Draw(picture));
            PictureFile.Write(shiViz, () => ShiVizLog.Write(picture));
        }

        return Show(
            parsed,
            writer =>
            {
                writer.WriteNumber("seed", seed);
                writer.WriteStartArray("lines");
                foreach (var line in lines) writer.WriteStringValue(line);
                writer.WriteEndArray();
            },
            () => lines,
            broken is null ? null : $"the schedule breaks {broken}");
    }

    /// <summary>Shows data on stdout and a complaint on stderr; returns the exit code.</summary>
    private int Show(ParseResult parsed, Action<Utf8JsonWriter> write, Func<IEnumerable<string>> toText, string? complaint)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (parsed.GetValue(_output) == Json)
        {
            output.Write($"{SimulatorReport.ToJson(write)}\n");
        }
        else
        {
            foreach (var line in toText()) output.Write($"{line}\n");
        }

        output.Flush();
        if (complaint is null) return 0;
        error.WriteLine($"error: {complaint}");
        return PropertyViolated;
    }
}
