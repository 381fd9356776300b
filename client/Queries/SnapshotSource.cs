namespace Snapshots.Client;

/// <summary>A snapshot to read: one that the cluster stores, or a file.</summary>
/// <param name="Id">The id; <c>default</c> for a file.</param>
/// <param name="File">The file; null for an id.</param>
internal sealed record SnapshotSource(SnapshotId Id, string? File)
{
    /// <summary>Parses a source where two are compared: a file exists, or its name has a <c>/</c>.</summary>
    public static SnapshotSource Compared(string text) =>
        text.Contains('/', StringComparison.Ordinal) || System.IO.File.Exists(text)
            ? OfFile(Client.Read.Path(text))
            : OfId(text);

    /// <summary>Parses an id; a value with a <c>/</c> is a file, since no id has one.</summary>
    public static SnapshotSource Named(string text) =>
        text.Contains('/', StringComparison.Ordinal) ? OfFile(Client.Read.Path(text)) : OfId(text);

    /// <summary>The source that a file is.</summary>
    public static SnapshotSource OfFile(string path) => new(default(SnapshotId), path);

    /// <summary>Parses the argument <c>ID</c> beside the option <c>--file F</c>: one of them is given.</summary>
    public static SnapshotSource Of(string? id, string? file) => (id, file) switch
    {
        (null, { } path) => OfFile(path),
        ({ } text, null) => Parse(() => Named(text)),
        _ => throw new ClientException(ErrorCode.Usage, "name either a snapshot or a --file"),
    };

    /// <summary>Parses a value; a wrong one is invalid input.</summary>
    public static T Parse<T>(Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (InputException exception)
        {
            throw new ClientException(ErrorCode.InvalidInput, exception.Message, exception);
        }
    }

    /// <summary>
    /// Reads sources, in order. It connects only if one of them is an id, and is no longer connected afterwards.
    /// </summary>
    /// <exception cref="ClientException">One does not exist, has no global state, or is no snapshot.</exception>
    public static async Task<IReadOnlyList<RenderedSnapshot>> ReadAsync(
        CommandRun run, params IReadOnlyList<SnapshotSource> sources)
    {
        var snapshots = new List<RenderedSnapshot>();
        if (sources.All(source => source.File is not null))
        {
            foreach (var source in sources) snapshots.Add(await ReadFileAsync(source.File!, run.Interrupted));
            return snapshots;
        }

        // A file that is wrong is told before any connection is tried.
        foreach (var source in sources)
        {
            if (source.File is { } file) snapshots.Add(await ReadFileAsync(file, run.Interrupted));
        }

        await using var connection = await run.ConnectToApplicationAsync();
        for (var index = 0; index < sources.Count; index++)
        {
            if (sources[index].File is null)
                snapshots.Insert(index, await ReadStoredAsync(connection, sources[index].Id, run.Interrupted));
        }

        return snapshots;
    }

    /// <summary>Reads the content of a file.</summary>
    public static Task<RenderedSnapshot> ReadFileAsync(string path, CancellationToken interrupted) =>
        ArchiveFiles.ReadAsync(path, async input =>
        {
            if (!await ArchiveFiles.IsArchiveAsync(input, interrupted))
                return await InputFile.ReadAsync(input, RenderedSnapshot.Read, interrupted);
            var archive = await ArchiveReader.OpenAsync(input, interrupted);
            return await archive.ReadRenderedAsync(interrupted);
        });

    /// <summary>Reads what the cluster stores of a completed snapshot, and proves it by that.</summary>
    public static async Task<RenderedSnapshot> ReadStoredAsync(
        BankConnection connection, SnapshotId id, CancellationToken interrupted)
    {
        var view = await SnapshotFinder.RequireCompletedAsync(connection, id, interrupted);
        var state = await SnapshotDocuments.ReadStateAsync(connection, view, interrupted);
        return new RenderedSnapshot(id, connection.IsBank ? null : connection.Application, state);
    }

    private static SnapshotSource OfId(string text) => new(Client.Read.Snapshot(text), File: null);
}
