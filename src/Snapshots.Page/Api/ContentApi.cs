namespace Snapshots.Page;

/// <summary>What is inside a completed snapshot: members, channels, certificate, checks, SQL, differences.</summary>
internal static class ContentApi
{
    private const int MaxPage = 200;
    private const int DefaultPage = 50;
    private const int MaxSearch = 100;
    private const int MaxSql = 8000;

    /// <summary>Messages of one channel in a list; a query finds all.</summary>
    private const int MaxMessages = 20;

    /// <summary>What of a difference is listed.</summary>
    private const int MaxChanges = 1000;

    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(10);

    public static void Map(ApiRoutes api)
    {
        var contents = api.Service<SnapshotContents>();
        var queries = new Permits(count: 2, "too many queries run: try again");
        var checks = new Permits(count: 2, "too many checks run: try again");
        api.Get("/snapshots/{id}/export", call => ExportAsync(call, contents));
        api.Get("/snapshots/{id}/members", call => MembersAsync(call, contents));
        api.Get("/snapshots/{id}/channels", call => ChannelsAsync(call, contents));
        api.Get("/snapshots/{id}/certificate", call => CertificateAsync(call, contents));
        api.Get("/snapshots/{id}/diagram", call => DrawAsync(call, contents));
        api.Get("/snapshots/{id}/checks", call => CheckAsync(call, checks));
        api.Get("/snapshots/{id}/query", call => QueryAsync(call, contents, queries));
        api.Get("/snapshots/{id}/difference", call => CompareAsync(call, contents));
    }

    private static async Task<SnapshotContent> ReadAsync(ApiCall call, SnapshotContents contents)
    {
        var (snapshots, view) = await call.RequireAsync();
        return await contents.GetAsync(call, snapshots, view);
    }

    private static async Task ExportAsync(ApiCall call, SnapshotContents contents)
    {
        var document = (await ReadAsync(call, contents)).Document();
        // An id has no character that ends the name.
        call.Context.Response.Headers.ContentDisposition = $"attachment; filename=\"{call.Id}.json\"";
        await JsonAnswer.SendAsync(call.Context, document.ToUtf8(indented: true));
    }

    private static async Task MembersAsync(ApiCall call, SnapshotContents contents)
    {
        var page = PageOf(call);
        var found = (await ReadAsync(call, contents)).Find(page.Search).ToList();
        await call.AnswerAsync(writer => page.Write(writer, found, (_, process) =>
        {
            writer.WriteString("id", process.Id.Value);
            writer.WritePropertyName("state");
            writer.WriteRawValue(process.State.Span);
        }));
    }

    private static async Task ChannelsAsync(ApiCall call, SnapshotContents contents)
    {
        var page = PageOf(call);
        var isAll = call.Text("all", 5) is "true" or "1";
        var found = (await ReadAsync(call, contents)).FindChannels(page.Search, onlyInTransit: !isAll).ToList();
        await call.AnswerAsync(writer => page.Write(writer, found, WriteChannel));
    }

    private static void WriteChannel(Utf8JsonWriter writer, ChannelState<ReadOnlyMemory<byte>> channel)
    {
        writer.WriteString("source", channel.Channel.Source.Value);
        writer.WriteString("target", channel.Channel.Target.Value);
        writer.WriteNumber("sent", channel.Sent.Value);
        writer.WriteNumber("delivered", channel.Delivered.Value);
        writer.WriteNumber("inTransit", channel.Messages.Length);
        writer.WritePropertyName("messages");
        JsonObjects.WriteArray(writer, channel.Messages.Take(MaxMessages), (_, message) =>
        {
            writer.WriteNumber("sequence", message.Number.Value);
            RenderedFormat.Plain.WriteMessage(writer, message.Message);
        });
    }

    private static async Task CertificateAsync(ApiCall call, SnapshotContents contents)
    {
        var content = await ReadAsync(call, contents);
        var violations = Certificate.Check(content.Rendered.State).ToLookup(violation => violation.Rule);
        await call.AnswerAsync(writer =>
        {
            writer.WritePropertyName("rules");
            JsonObjects.WriteArray(writer, Enum.GetValues<CertificateRule>(), (_, rule) =>
            {
                writer.WriteString("name", JsonNamingPolicy.CamelCase.ConvertName(rule.ToString()));
                writer.WriteBoolean("holds", !violations.Contains(rule));
                writer.WriteStartArray("violations");
                foreach (var violation in violations[rule].Take(MaxMessages))
                    writer.WriteStringValue(violation.ToString());
                writer.WriteEndArray();
            });
            content.WriteSummary(writer);
        });
    }

    private static async Task DrawAsync(ApiCall call, SnapshotContents contents)
    {
        var content = await ReadAsync(call, contents);
        var (svg, policy) = await Task.Run(() => CutPicture.Draw(content), call.Aborted);
        var response = call.Context.Response;
        response.ContentType = "image/svg+xml";
        response.ContentLength = svg.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = policy;
        if (!HttpMethods.IsHead(call.Context.Request.Method)) await response.Body.WriteAsync(svg, call.Aborted);
    }

    private static async Task CheckAsync(ApiCall call, Permits checks)
    {
        var (snapshots, view) = await call.RequireAsync();
        if (view.Summary.Status != SnapshotStatus.Completed)
            throw ApiException.Conflict($"the snapshot {call.Id} has no global state to check");
        using var permit = await checks.EnterAsync(call.Aborted);
        var results = await call.WaitAsync(snapshots.CheckAsync(view));
        await call.AnswerAsync(writer => CheckJson.Write(writer, call.Id, results));
    }

    private static async Task QueryAsync(ApiCall call, SnapshotContents contents, Permits queries)
    {
        var sql = call.Text("sql", MaxSql);
        if (string.IsNullOrWhiteSpace(sql)) throw ApiException.Invalid("there is no statement: give one as sql");
        var content = await ReadAsync(call, contents);
        var other = call.Text("against", Identifier.MaxLength) is { Length: > 0 } against
            ? await ReadOtherAsync(call, contents, against)
            : null;
#pragma warning disable CA2000 // The thread of the query gives it back.
        var permit = await queries.EnterAsync(call.Aborted);
#pragma warning restore CA2000
        var limits = new QueryLimits(QueryTimeout)
        {
            MaxLength = 16 << 20,
            MaxMemory = 256 << 20,
            IsShared = true, // The storage of the silo.
            Ended = permit.Dispose,
        };
        var rows = new QueryRows();
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, rows.Enough);
            var tables = await Task.Run(() => Load(content, other, permit));
            await ReadOnlyQuery.RunAsync(tables, sql, rows, limits, stop.Token);
        }
        catch (OperationCanceledException) when (rows.Enough.IsCancellationRequested)
        {
            // There are more rows than anybody looks at.
        }

        await JsonAnswer.SendAsync(call.Context, rows.Complete());
        rows.Dispose();
    }

    private static SnapshotTables Load(SnapshotContent content, SnapshotContent? other, IDisposable permit)
    {
        var tables = new SnapshotTables();
        try
        {
            tables.Load("main", content.Rendered);
            if (other is not null) tables.Load("other", other.Rendered);
            return tables;
        }
        catch
        {
            tables.Dispose();
            permit.Dispose();
            throw;
        }
    }

    private static async Task CompareAsync(ApiCall call, SnapshotContents contents)
    {
        var to = call.Text("to", Identifier.MaxLength);
        var from = await ReadAsync(call, contents);
        var other = await ReadOtherAsync(call, contents, to);
        var difference = await Task.Run(() => SnapshotDifference.Of(from.Rendered, other.Rendered), call.Aborted);
        var (added, removed, changed) =
            (difference.Added.Length, difference.Removed.Length, difference.Changed.Length);
        var shown = difference with
        {
            Added = [.. difference.Added.Take(MaxChanges)],
            Removed = [.. difference.Removed.Take(MaxChanges)],
            Changed = [.. difference.Changed.Take(MaxChanges)],
        };
        await call.AnswerAsync(writer =>
        {
            shown.Write(writer);
            writer.WriteStartObject("counts");
            writer.WriteNumber("added", added);
            writer.WriteNumber("removed", removed);
            writer.WriteNumber("changed", changed);
            writer.WriteEndObject();
        });
    }

    private static async Task<SnapshotContent> ReadOtherAsync(ApiCall call, SnapshotContents contents, string id)
    {
        var snapshots = await call.SnapshotsAsync();
        return await contents.GetAsync(call, snapshots, await call.RequireAsync(snapshots, ApiCall.ReadId(id)));
    }

    internal static PageRequest PageOf(ApiCall call) => new(
        call.Text("search", MaxSearch),
        call.Number("offset", 0, int.MaxValue, 0),
        call.Number("limit", 1, MaxPage, DefaultPage));
}

/// <summary>One page of a list, which may be long.</summary>
/// <param name="Search">What is searched for; empty for everything.</param>
/// <param name="Offset">How many are left out before it.</param>
/// <param name="Limit">How many it has at most.</param>
internal sealed record PageRequest(string Search, int Offset, int Limit)
{
    /// <summary>Writes the page, with the number of all that were found.</summary>
    public void Write<T>(Utf8JsonWriter writer, List<T> found, Action<Utf8JsonWriter, T> members)
    {
        writer.WriteNumber("total", found.Count);
        writer.WriteNumber("offset", Offset);
        writer.WritePropertyName("items");
        JsonObjects.WriteArray(writer, found.Skip(Offset).Take(Limit), members);
    }
}
