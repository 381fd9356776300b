namespace Snapshots.Client;

/// <summary><c>snapshot verify ID</c> and <c>snapshot verify --file F</c>.</summary>
internal sealed class VerifyCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();
    private readonly Option<string> _file = Inputs.Option(
        "--file", "FILE", "An exported snapshot or an archive to prove; needs no cluster", Read.Path);

    public VerifyCommand(CommandContext context)
        : base("verify", "Prove the certificate of a completed snapshot again.", context)
    {
        _id.Arity = ArgumentArity.ZeroOrOne;
        Add(_id);
        Add(_file);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        if (run.Has(_id) == run.Has(_file))
            throw new ClientException(ErrorCode.Usage, "name either a snapshot or a --file");
        var verification = run.Has(_file)
            ? await VerifyFileAsync(run.Get(_file)!, run.Interrupted)
            : await VerifyAsync(run, run.Get(_id));
        var failure = verification.Valid
            ? null
            : new Failure(
                ErrorCode.PropertyViolated,
                $"the snapshot {verification.Id} is not valid: {verification.Violations[0]}");
        return run.Terminal.ShowObject(
            verification.WriteMembers,
            page =>
            {
                page.Line($"{verification.Id} {(verification.Valid ? "valid" : "not valid")}");
                foreach (var violation in verification.Violations) page.Line(violation);
            },
            failure);
    }

    private static async Task<SnapshotVerification> VerifyAsync(CommandRun run, SnapshotId id)
    {
        await using var bank = await run.ConnectToApplicationAsync();
        var view = await SnapshotFinder.RequireCompletedAsync(bank, id, run.Interrupted);
        try
        {
            var document = await SnapshotDocuments.ReadAsync(bank, view, run.Interrupted);
            return SnapshotVerifier.Verify(document.ToUtf8(indented: false));
        }
        catch (ClientException exception) when (exception.Code == ErrorCode.PropertyViolated)
        {
            return new SnapshotVerification(id, [exception.Message]);
        }
    }

    /// <summary>Proves a document or an archive.</summary>
    /// <exception cref="ClientException">It is neither, or cannot be read.</exception>
    public static Task<SnapshotVerification> VerifyFileAsync(string path, CancellationToken interrupted) =>
        ArchiveFiles.ReadAsync(path, input => ArchiveFiles.VerifyAnyAsync(input, interrupted));
}

/// <summary><c>snapshot export ID --file F</c>.</summary>
internal sealed class ExportCommand : ClientCommand
{
    private readonly Argument<SnapshotId> _id = SnapshotIds.Argument();
    private readonly Option<string> _file = Inputs.Option(
        "--file", "FILE", "The file to write, whole or not at all; - is stdout", Read.Path);

    public ExportCommand(CommandContext context)
        : base("export", "Write a completed snapshot to a self-contained file.", context)
    {
        _file.Required = true;
        Add(_id);
        Add(_file);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var (id, file) = (run.Get(_id), run.Get(_file)!);
        await using var bank = await run.ConnectToApplicationAsync();
        var view = await SnapshotFinder.RequireCompletedAsync(bank, id, run.Interrupted);
        var document = await SnapshotDocuments.ReadAsync(bank, view, run.Interrupted);
        byte[] text = [.. document.ToUtf8(indented: true).Span, (byte)'\n'];
        if (file == "-") return run.Terminal.ShowText(text, SnapshotFailures.Of(document));
        await OutputFile.WriteAsync(file, stream => stream.WriteAsync(text, run.Interrupted).AsTask());
        return run.Terminal.ShowObject(
            writer =>
            {
                writer.WriteString("id", id.Value);
                writer.WriteString("file", file);
            },
            page => page.Line($"{id} written to {file}"),
            SnapshotFailures.Of(document));
    }
}
