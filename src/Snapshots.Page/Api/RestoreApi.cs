namespace Snapshots.Page;

/// <summary><c>/api/restores</c>: history, plan, begin, abort. <c>/api/schedule</c>.</summary>
internal static class RestoreApi
{
    private const int MaxListed = 1000;
    private const int MaxKept = 1_000_000;
    private const string AbortReason = "aborted by the user";

    public static void Map(ApiRoutes api)
    {
        var (contents, processes) = (api.Service<SnapshotContents>(), api.Service<ProcessLists>());
        api.Get("/restores", ListAsync);
        api.Post("/restores", BeginAsync);
        api.Get("/restores/plan", call => PlanAsync(call, contents, processes));
        api.Get("/restores/{number:int}", ShowAsync);
        api.Post("/restores/{number:int}/abort", AbortAsync);
        api.Get("/schedule", ShowScheduleAsync);
        api.Post("/schedule", SetScheduleAsync);
        api.Delete("/schedule", ClearScheduleAsync);
    }

    private static async Task ListAsync(ApiCall call)
    {
        var limit = call.Number("limit", 1, MaxListed, 20);
        var snapshots = await call.SnapshotsAsync();
        var restores = await call.WaitAsync(snapshots.ListRestoresAsync(limit));
        await call.AnswerAsync(restores, (writer, restore) => RestoreJson.Write(writer, new(restore, [])));
    }

    private static async Task PlanAsync(ApiCall call, SnapshotContents contents, ProcessLists processes)
    {
        var id = ApiCall.ReadId(call.Text("snapshot", Identifier.MaxLength));
        var snapshots = await call.SnapshotsAsync();
        var view = await call.RequireAsync(snapshots, id);
        var content = await contents.GetAsync(call, snapshots, view);
        var epoch = await call.WaitAsync(snapshots.GetEpochAsync());
        var present = await processes.ListAsync(call, snapshots);
        var plan = RestorePlan.Of(view.Summary, epoch, present, content.Rendered);
        await call.AnswerAsync(writer =>
        {
            plan.Write(writer);
            if (content.Rendered.Money() is not { } money) return;
            writer.WritePropertyName("balance");
            writer.WriteRawValue(money.Balance.ToString(CultureInfo.InvariantCulture));
            writer.WritePropertyName("inTransit");
            writer.WriteRawValue(money.InTransit.ToString(CultureInfo.InvariantCulture));
        });
    }

    /// <summary>A restore discards what came after the snapshot: the body names it a second time.</summary>
    private static async Task BeginAsync(ApiCall call)
    {
        var body = await call.BodyAsync("snapshot", "confirm", "reason", "safety");
        var id = ApiCall.ReadId(body.Text("snapshot") ?? string.Empty);
        if (body.Text("confirm") != id.Value)
        {
            throw ApiException.Invalid(
                $"a restore discards what came after the snapshot: confirm it with its id, {id}, as confirm");
        }

        var request = new RestoreRequest(id, body.Text("reason") ?? string.Empty, body.Flag("safety", otherwise: true));
        var snapshots = await call.SnapshotsAsync();
        var restore = await call.WaitAsync(snapshots.BeginRestoreAsync(request));
        call.Context.Response.StatusCode = StatusCodes.Status202Accepted;
        await call.AnswerAsync(writer => RestoreJson.Write(writer, new(restore, [])));
    }

    private static async Task ShowAsync(ApiCall call) => await AnswerAsync(call, await call.SnapshotsAsync());

    private static async Task AbortAsync(ApiCall call)
    {
        var (number, snapshots) = (NumberOf(call), await call.SnapshotsAsync());
        if (await call.WaitAsync(snapshots.AbortRestoreAsync(number, AbortReason)) == false)
            throw ApiException.Conflict($"restore {number} is committed: it cannot be aborted");
        await AnswerAsync(call, snapshots);
    }

    private static async Task AnswerAsync(ApiCall call, SnapshotClient snapshots)
    {
        var number = NumberOf(call);
        var view = await call.WaitAsync(snapshots.GetRestoreAsync(number))
            ?? throw ApiException.NotFound($"restore {number} does not exist");
        await call.AnswerAsync(writer => RestoreJson.Write(writer, view));
    }

    private static RestoreNumber NumberOf(ApiCall call)
    {
        var text = (string)call.Context.Request.RouteValues["number"]!;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new(number)
            : throw ApiException.Invalid("the number of a restore is 1 or more");
    }

    private static async Task ShowScheduleAsync(ApiCall call)
    {
        var snapshots = await call.SnapshotsAsync();
        var view = await call.WaitAsync(snapshots.GetScheduleAsync());
        await call.AnswerAsync(writer => ScheduleJson.Write(writer, view));
    }

    private static async Task SetScheduleAsync(ApiCall call)
    {
        var body = await call.BodyAsync("every", "keepLast", "keepFor");
        var least = SnapshotSchedule.MinEvery.TotalSeconds;
        var schedule = new SnapshotSchedule(
            body.Seconds("every", least, SnapshotSchedule.MaxTime)
                ?? throw ApiException.Invalid("every is missing: the seconds from one snapshot to the next"),
            body.Number("keepLast", 1, MaxKept),
            body.Seconds("keepFor", least, SnapshotSchedule.MaxTime));
        var snapshots = await call.SnapshotsAsync();
        await snapshots.SetScheduleAsync(schedule).WaitAsync(call.Aborted);
        await ShowScheduleAsync(call);
    }

    private static async Task ClearScheduleAsync(ApiCall call)
    {
        var snapshots = await call.SnapshotsAsync();
        await snapshots.SetScheduleAsync(schedule: null).WaitAsync(call.Aborted);
        await ShowScheduleAsync(call);
    }
}
