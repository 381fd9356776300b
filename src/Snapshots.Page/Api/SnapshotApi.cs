namespace Snapshots.Page;

/// <summary><c>/api/snapshots</c>: the history, and what is done with a snapshot as a whole.</summary>
internal static class SnapshotApi
{
    private const int MaxListed = 2000;
    private const string AbortReason = "aborted by the user";
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    public static void Map(ApiRoutes api)
    {
        var (contents, time) = (api.Service<SnapshotContents>(), api.Service<TimeProvider>());
        api.Get("/snapshots", ListAsync);
        api.Post("/snapshots", call => TakeAsync(call, time));
        api.Get("/snapshots/{id}", call => ShowAsync(call, contents));
        api.Delete("/snapshots/{id}", DeleteAsync);
        api.Post("/snapshots/{id}/abort", AbortAsync);
        api.Post("/snapshots/{id}/pin", call => PinAsync(call, isPinned: true));
        api.Post("/snapshots/{id}/unpin", call => PinAsync(call, isPinned: false));
    }

    private static async Task ListAsync(ApiCall call)
    {
        var (limit, offset) = (call.Number("limit", 1, MaxListed, MaxListed), call.Number("offset", 0, MaxListed, 0));
        var search = call.Text("search", Identifier.MaxLength);
        var snapshots = await call.SnapshotsAsync();
        var all = await call.WaitAsync(snapshots.ListAsync(MaxListed));
        var found = all
            .Where(summary => summary.Id.Value.Contains(search, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        call.Context.Response.Headers["X-Total-Count"] = found.Length.ToString(CultureInfo.InvariantCulture);
        await call.AnswerAsync(found.Skip(offset).Take(limit), SnapshotJson.Write);
    }

    private static async Task TakeAsync(ApiCall call, TimeProvider time)
    {
        var body = await call.BodyAsync("id", "initiator", "timeout");
        var id = body.Text("id") is { } name ? ApiCall.ReadId(name) : NewSnapshotId.Create("s", time);
        var initiator = body.Text("initiator") switch
        {
            null => default,
            var text when Identifier.IsValid(text) => new ProcessId(text),
            _ => throw ApiException.Invalid("initiator is not the id of a process"),
        };
        var timeout = body.Seconds("timeout", 0.001, SnapshotRequest.MaxTimeout) ?? DefaultTimeout;
        var snapshots = await call.SnapshotsAsync();
        if (await call.WaitAsync(snapshots.GetAsync(id)) is null)
        {
            await RequireProcessAsync(call, snapshots, initiator);
            await call.WaitAsync(snapshots.BeginAsync(new(id, initiator, timeout)));
        }

        var view = await call.RequireAsync(snapshots, id);
        var isRunning = view.Summary.Status == SnapshotStatus.Running;
        call.Context.Response.StatusCode = isRunning ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        call.Context.Response.Headers.Location = $"/api/snapshots/{id}?application={snapshots.Application}";
        await call.AnswerAsync(writer => WriteUnread(writer, snapshots.Application, view));
    }

    private static async Task RequireProcessAsync(ApiCall call, SnapshotClient snapshots, ProcessId initiator)
    {
        if (initiator != default)
        {
            if (await call.WaitAsync(snapshots.IsRegisteredAsync(initiator))) return;
            throw ApiException.Invalid($"no process {initiator} is registered");
        }

        if (await call.WaitAsync(snapshots.HasProcessesAsync())) return;
        throw ApiException.Conflict(
            $"the application {snapshots.Application} has no process yet: there is nothing to record");
    }

    private static async Task ShowAsync(ApiCall call, SnapshotContents contents)
    {
        var summary = call.Text("summary", 5);
        var (snapshots, view) = await call.RequireAsync();
        if (summary == "line" || view.Summary.Status is SnapshotStatus.Running or SnapshotStatus.Aborted)
        {
            await call.AnswerAsync(writer => WriteUnread(writer, snapshots.Application, view));
            return;
        }

        var content = await contents.GetAsync(call, snapshots, view);
        if (summary is "true" or "1") await call.AnswerAsync(writer => WriteSummary(writer, content, view.Summary));
        else await JsonAnswer.SendAsync(call.Context, content.Document().ToUtf8(indented: false));
    }

    /// <summary>A summary has also what the line of a list has beside the document.</summary>
    private static void WriteSummary(Utf8JsonWriter writer, SnapshotContent content, SnapshotSummary summary)
    {
        content.WriteSummary(writer);
        writer.WriteString("origin", SnapshotJson.NameOf(summary.Origin));
        writer.WriteBoolean("pinned", summary.Pinned);
        writer.WriteNumber("bytes", summary.Bytes);
    }

    /// <summary>
    /// Writes a snapshot without reading its reports: one that runs or was aborted as its document, one that is
    /// completed in a line.
    /// </summary>
    internal static void WriteUnread(Utf8JsonWriter writer, string application, SnapshotView view)
    {
        if (view.Summary.Status is SnapshotStatus.Completed or SnapshotStatus.Importing)
        {
            SnapshotJson.Write(writer, view.Summary);
            if (view.Summary.RestoredFrom is not { } made) return;
            writer.WriteStartObject("restoredFrom");
            writer.WriteNumber("restore", made.Restore.Value);
            writer.WriteString("snapshot", made.Snapshot.Value);
            writer.WriteEndObject();
            return;
        }

        StoredDocuments.WriteMembers(writer, StoredDocuments.Unfinished(application, view), isSummary: true);
        writer.WriteString("origin", SnapshotJson.NameOf(view.Summary.Origin));
        writer.WriteBoolean("pinned", view.Summary.Pinned);
    }

    private static async Task DeleteAsync(ApiCall call)
    {
        var (id, snapshots) = (call.Id, await call.SnapshotsAsync());
        if (!await call.WaitAsync(snapshots.DeleteAsync(id)))
            throw ApiException.Conflict($"the snapshot {id} is running: abort it first");
        await call.AnswerAsync(writer =>
        {
            writer.WriteString("id", id.Value);
            writer.WriteBoolean("deleted", value: true);
        });
    }

    private static async Task AbortAsync(ApiCall call)
    {
        var (snapshots, _) = await call.RequireAsync();
        await call.WaitAsync(snapshots.AbortAsync(call.Id, AbortReason));
        var summary = (await call.RequireAsync(snapshots, call.Id)).Summary;
        if (summary.Status == SnapshotStatus.Completed)
            throw ApiException.Conflict($"the snapshot {call.Id} has already completed: it cannot be aborted");
        await call.AnswerAsync(writer => SnapshotJson.Write(writer, summary));
    }

    private static async Task PinAsync(ApiCall call, bool isPinned)
    {
        var (id, snapshots) = (call.Id, await call.SnapshotsAsync());
        var summary = await call.WaitAsync(snapshots.PinAsync(id, isPinned))
            ?? throw ApiException.NotFound($"the snapshot {id} does not exist");
        await call.AnswerAsync(writer => SnapshotJson.Write(writer, summary));
    }
}
