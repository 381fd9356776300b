namespace Snapshots.Page;

/// <summary>One request to the interface: reads and checks its input, and answers it.</summary>
internal sealed class ApiCall(HttpContext context, Applications applications)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The request and its answer.</summary>
    public HttpContext Context => context;

    /// <summary>Cancelled when the caller is gone.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The snapshots of the application that the request names; else of the first one.</summary>
    public Task<SnapshotClient> SnapshotsAsync() => applications.FindAsync(Text("application", Identifier.MaxLength));

    /// <summary>The snapshot of the path.</summary>
    public SnapshotId Id => ReadId((string)context.Request.RouteValues["id"]!);

    /// <summary>Parses an id.</summary>
    public static SnapshotId ReadId(string text) => Identifier.IsValid(text)
        ? new(text)
        : throw ApiException.Invalid(
            $"the id of a snapshot is 1 to {Identifier.MaxLength} of letters, digits, . _ - :");

    /// <summary>A parameter; empty if it is not given.</summary>
    public string Text(string name, int maxLength)
    {
        var text = context.Request.Query[name].ToString();
        return text.Length <= maxLength
            ? text
            : throw ApiException.Invalid($"{name} has more than {maxLength} characters");
    }

    /// <summary>A parameter that is a whole number.</summary>
    public int Number(string name, int least, int most, int otherwise)
    {
        var text = Text(name, 20);
        if (text.Length == 0) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw ApiException.Invalid($"{name} is not a whole number from {least} to {most}");
    }

    /// <summary>Reads the body: an object with some of these members, or nothing.</summary>
    public async Task<ApiBody> BodyAsync(params string[] members)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, Aborted); // The gate has bounded its length.
        return ApiBody.Parse(buffer.ToArray(), members);
    }

    /// <summary>Waits for an answer of the silos, for a bounded time.</summary>
    public Task<T> WaitAsync<T>(Task<T> answer) => answer.WaitAsync(Patience, Aborted);

    /// <summary>Returns the snapshot of the path, with its progress.</summary>
    public async Task<(SnapshotClient Snapshots, SnapshotView View)> RequireAsync()
    {
        var (id, snapshots) = (Id, await SnapshotsAsync());
        return (snapshots, await RequireAsync(snapshots, id));
    }

    /// <summary>Returns a snapshot with its progress.</summary>
    public async Task<SnapshotView> RequireAsync(SnapshotClient snapshots, SnapshotId id) =>
        await WaitAsync(snapshots.GetAsync(id)) ?? throw ApiException.NotFound($"the snapshot {id} does not exist");

    /// <summary>Answers with an object.</summary>
    public Task AnswerAsync(Action<Utf8JsonWriter> members) => JsonAnswer.WriteAsync(context, members);

    /// <summary>Answers with an array of objects.</summary>
    public Task AnswerAsync<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> members) =>
        JsonAnswer.WriteValueAsync(context, writer => JsonObjects.WriteArray(writer, items, members));
}

/// <summary>The body of a request.</summary>
internal sealed class ApiBody(JsonElement root)
{
    /// <summary>Parses a body. Members of other names are refused: they are spelt wrong.</summary>
    public static ApiBody Parse(ReadOnlyMemory<byte> json, string[] members)
    {
        if (json.IsEmpty) return new(default);
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 8 });
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object) throw ApiException.Invalid("the body is not a JSON object");
            foreach (var member in root.EnumerateObject())
            {
                if (!members.Contains(member.Name))
                    throw ApiException.Invalid($"the body may have {string.Join(", ", members)}, and nothing else");
            }

            return new(root);
        }
        catch (JsonException)
        {
            throw ApiException.Invalid("the body is not JSON");
        }
    }

    /// <summary>A member that is text; null if it is not given.</summary>
    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw ApiException.Invalid($"{name} is not text"),
    };

    /// <summary>A member that is true or false.</summary>
    public bool Flag(string name, bool otherwise) => Find(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } value => value.GetBoolean(),
        _ => throw ApiException.Invalid($"{name} is neither true nor false"),
    };

    /// <summary>A member that is a number of seconds; null if it is not given.</summary>
    public TimeSpan? Seconds(string name, double least, TimeSpan most)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && seconds >= least && seconds <= most.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw ApiException.Invalid(
                FormattableString.Invariant($"{name} is not a number of seconds from {least} to {most.TotalSeconds}"));
    }

    /// <summary>A member that is a whole number; null if it is not given.</summary>
    public int? Number(string name, int least, int most)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            && number >= least && number <= most
            ? number
            : throw ApiException.Invalid($"{name} is not a whole number from {least} to {most}");
    }

    private JsonElement? Find(string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value)
            && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
