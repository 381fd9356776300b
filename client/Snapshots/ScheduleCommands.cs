namespace Snapshots.Client;

/// <summary><c>schedule show</c>.</summary>
internal sealed class ShowScheduleCommand(CommandContext context)
    : ClientCommand("show", "Show the schedule and the time of its next snapshot.", context)
{
    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectToApplicationAsync();
        return ScheduleText.Show(run, await bank.CallAsync(_ => bank.Snapshots.GetScheduleAsync(), run.Interrupted));
    }
}

/// <summary><c>schedule set --every SECONDS [--keep-last N] [--keep-for SECONDS]</c>.</summary>
internal sealed class SetScheduleCommand : ClientCommand
{
    private const int MaxKept = 1_000_000;

    private readonly Option<TimeSpan> _every = Inputs.Option(
        "--every", "SECONDS", "The time from one snapshot to the next, 1 or more", Read.ScheduleSeconds);

    private readonly Option<int?> _keepLast = Inputs.Option<int?>(
        "--keep-last",
        "N",
        "How many completed snapshots of the schedule are kept (default: no limit of its own)",
        text => Read.Count(1, MaxKept)(text));

    private readonly Option<TimeSpan?> _keepFor = Inputs.Option<TimeSpan?>(
        "--keep-for",
        "SECONDS",
        "How long a snapshot of the schedule is kept (default: no limit of its own)",
        text => Read.ScheduleSeconds(text));

    public SetScheduleCommand(CommandContext context)
        : base("set", "Set the schedule, in place of the one before.", context)
    {
        _every.Required = true;
        Add(_every);
        Add(_keepLast);
        Add(_keepFor);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var schedule = new SnapshotSchedule(run.Get(_every), run.Get(_keepLast), run.Get(_keepFor));
        await using var bank = await run.ConnectToApplicationAsync();
        return ScheduleText.Show(run, await bank.CallAsync(
            async _ =>
            {
                await bank.Snapshots.SetScheduleAsync(schedule);
                return await bank.Snapshots.GetScheduleAsync();
            },
            run.Interrupted));
    }
}

/// <summary><c>schedule clear</c>.</summary>
internal sealed class ClearScheduleCommand(CommandContext context)
    : ClientCommand("clear", "Take no more snapshots by schedule; those that were taken stay.", context)
{
    protected override async Task<int> RunAsync(CommandRun run)
    {
        await using var bank = await run.ConnectToApplicationAsync();
        await bank.CallAsync(
            async _ =>
            {
                await bank.Snapshots.SetScheduleAsync(schedule: null);
                return true;
            },
            run.Interrupted);
        return ScheduleText.Show(run, view: null);
    }
}

/// <summary>Shows schedules, as JSON and as text.</summary>
internal static class ScheduleText
{
    /// <summary>Shows a schedule; null shows that there is none. Returns the exit code.</summary>
    public static int Show(CommandRun run, ScheduleView? view) => run.Terminal.ShowObject(
        writer => ScheduleJson.Write(writer, view),
        page =>
        {
            if (view is not { Schedule: var schedule })
            {
                page.Line("no schedule is set");
                return;
            }

            page.Facts(
            [
                ("every", $"{Seconds(schedule.Every)} s"),
                ("keeps the last", schedule.KeepLast?.ToString(CultureInfo.InvariantCulture) ?? "-"),
                ("keeps for", schedule.KeepFor is { } time ? $"{Seconds(time)} s" : "-"),
                ("next", SnapshotJson.Time(view.NextAt)),
            ]);
        });

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
