namespace Snapshots.Client;

/// <summary><c>load</c>: random transfers, with snapshots while they run.</summary>
internal sealed class LoadCommand : ClientCommand
{
    private const int DefaultAccounts = 100;
    private const int MaxAccounts = 1_000_000;
    private const int DefaultTransfers = 10_000;
    private const int DefaultConcurrency = 256;
    private const int MaxConcurrency = 10_000;
    private const int DefaultDeposit = 1_000;

    private readonly Option<int?> _accounts = Inputs.Option<int?>(
        "--accounts", "N", $"How many accounts (default {DefaultAccounts})", text => Read.Count(2, MaxAccounts)(text));

    private readonly Option<int?> _transfers = Inputs.Option<int?>(
        "--transfers",
        "N",
        $"How many transfers (default {DefaultTransfers})",
        text => Read.Count(0, int.MaxValue)(text));

    private readonly Option<TimeSpan?> _duration = Inputs.Option<TimeSpan?>(
        "--duration", "SECONDS", "How long to begin transfers; instead of --transfers", text => Read.Seconds(text));

    private readonly Option<int?> _concurrency = Inputs.Option<int?>(
        "--concurrency",
        "N",
        $"Calls in flight (default {DefaultConcurrency})",
        text => Read.Count(1, MaxConcurrency)(text));

    private readonly Option<long?> _seed = Inputs.Option<long?>(
        "--seed", "N", "The seed of the random transfers (default 1)", text => Read.Seed(text));

    private readonly Option<string?> _prefix = Inputs.Option<string?>(
        "--prefix", "P", "The accounts are P0, P1, … (default P)", Read.Id);

    private readonly Option<long?> _deposit = Inputs.Option<long?>(
        "--deposit",
        "N",
        $"The deposit of each account that is opened (default {DefaultDeposit})",
        text => Read.Deposit(text));

    private readonly Option<TimeSpan?> _snapshotEvery = Inputs.Option<TimeSpan?>(
        "--snapshot-every",
        "SECONDS",
        "Take and prove a snapshot every so often meanwhile",
        text => Read.Seconds(text));

    private readonly Option<string?> _journal = Inputs.Option<string?>(
        "--journal",
        "F",
        "Append to this file a JSON line before each transfer is sent, and one with its outcome",
        Read.Path);

    private readonly Option<string?> _resume = Inputs.Option<string?>(
        "--resume",
        "F",
        "First settle every transfer whose outcome this journal leaves unknown; may be the file of --journal",
        Read.Path);

    public LoadCommand(CommandContext context)
        : base("load", "Move money at random; report rates and latencies.", context)
    {
        Add(_accounts);
        Add(_transfers);
        Add(_duration);
        Add(_concurrency);
        Add(_seed);
        Add(_prefix);
        Add(_deposit);
        Add(_snapshotEvery);
        Add(_journal);
        Add(_resume);
    }

    protected override async Task<int> RunAsync(CommandRun run)
    {
        var options = ToOptions(run);
        var unknown = options.Resume is { } resume
            ? await JournalReader.ReadUnknownAsync(resume, run.Interrupted)
            : null;
        using var journal = options.Journal is { } path ? TransferJournal.Open(path) : null;
        await using var bank = await run.ConnectAsync();
        var runner = new LoadRunner(bank, options, unknown, journal, run.Time, run.Terminal.Say);
        var result = await run.Terminal.WithProgressAsync("load", bar => runner.RunAsync(bar, run.Interrupted));
        return run.Terminal.ShowObject(
            writer => LoadReport.Write(writer, result),
            page => LoadReport.Show(page, result),
            LoadReport.FailureOf(result));
    }

    private LoadOptions ToOptions(CommandRun run)
    {
        var duration = run.Get(_duration);
        if (duration is not null && run.Has(_transfers))
            throw new ClientException(ErrorCode.Usage, "--transfers and --duration cannot be combined");

        var (accounts, prefix) = (run.Get(_accounts) ?? DefaultAccounts, run.Get(_prefix) ?? "P");
        var last = string.Create(CultureInfo.InvariantCulture, $"{prefix}{accounts - 1}");
        if (!Identifier.IsValid(last))
        {
            throw new ClientException(
                ErrorCode.InvalidInput, $"--prefix: {last} is longer than {Identifier.MaxLength} characters");
        }

        return new LoadOptions(
            accounts,
            duration is null ? run.Get(_transfers) ?? DefaultTransfers : null,
            duration,
            run.Get(_concurrency) ?? DefaultConcurrency,
            run.Get(_seed) ?? 1,
            prefix,
            run.Get(_deposit) ?? DefaultDeposit,
            run.Get(_snapshotEvery),
            run.Get(_journal),
            run.Get(_resume));
    }
}

/// <summary>The options of a load.</summary>
/// <param name="Accounts">How many accounts, at least 2.</param>
/// <param name="Transfers">How many transfers; null when the load ends by its duration.</param>
/// <param name="Duration">How long transfers begin; null when the load ends by their number.</param>
/// <param name="Concurrency">Calls in flight.</param>
/// <param name="Seed">The seed of the random transfers.</param>
/// <param name="Prefix">The prefix of the accounts' names; a number from 0 follows.</param>
/// <param name="Deposit">The deposit of each account that is opened.</param>
/// <param name="SnapshotEvery">The time between the beginnings of two snapshots; null for no snapshots.</param>
/// <param name="Journal">The file that records every transfer; null for no journal.</param>
/// <param name="Resume">The journal whose unknown transfers are settled first; null for none.</param>
internal sealed record LoadOptions(
    int Accounts,
    long? Transfers,
    TimeSpan? Duration,
    int Concurrency,
    long Seed,
    string Prefix,
    long Deposit,
    TimeSpan? SnapshotEvery,
    string? Journal,
    string? Resume)
{
    /// <summary>How a user settles transfers whose outcome is not known.</summary>
    public const string HowToSettle = "; a load with --journal F --resume F settles what an earlier one has left";
}
