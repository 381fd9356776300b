using System.Diagnostics;

namespace Snapshots.Client;

/// <summary>
/// Story 2 of the demo: a bank in a temporary folder with thousands of transfers; snapshots are taken while they run,
/// each beside a naive read of all balances.
/// </summary>
internal sealed class BankStory
{
    private const int Others = 300;
    private const int OthersDeposit = 1_000;
    private const int Seed = 1985;
    private const int Concurrency = 128;

    /// <summary>
    /// Each account pays the same few others. Without this bound nearly every transfer would open a channel, and the
    /// markers would dominate.
    /// </summary>
    private const int Partners = 8;
    private const int Looks = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);

    /// <summary>
    /// The time after which the story ends in any case, so that a slow machine stays within the minute.
    /// </summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(30);

    private static readonly (ProcessId Id, long Deposit)[] Branches =
    [
        (new("north:alice"), 1_000),
        (new("north:bob"), 2_000),
        (new("south:carol"), 1_000),
        (new("south:dave"), 2_000),
    ];

    private readonly CommandRun _run;
    private readonly BankConnection _bank;
    private readonly (ProcessId Id, long Deposit)[] _accounts;
    private readonly ProcessId[] _ids;
    private readonly long _trueTotal;

    private BankStory(CommandRun run, BankConnection bank)
    {
        _run = run;
        _bank = bank;
        _accounts = [.. Branches, .. AccountOpener.Name("account-", Others).Select(id => (id, (long)OthersDeposit))];
        _ids = [.. _accounts.Select(account => account.Id)];
        _trueTotal = _accounts.Sum(account => account.Deposit);
    }

    /// <summary>Runs the story and shows each moment as it comes.</summary>
    public static async Task<BankStoryResult> RunAsync(CommandRun run)
    {
        var folder = Directory.CreateTempSubdirectory("snapshots-demo-");
        try
        {
            var settings = new ConnectionSettings(
                Gateway: null, Redis: null, folder.FullName, "demo", "demo", run.Timeout, Verbose: false);
            await using var bank = await BankConnection.OpenAsync(settings, run.Interrupted);
            return await new BankStory(run, bank).TellAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<BankStoryResult> TellAsync()
    {
        _run.Terminal.ShowNow(page => BankStoryReport.Open(page, _accounts.Length, _trueTotal));
        await _run.Terminal.WithProgressAsync(
            "opening accounts", bar => AccountOpener.OpenAsync(_bank, _accounts, bar, _run.Interrupted));
        using var settler = new TransferSettler(_bank, journal: null, _run.Terminal.Say);
        var loop = new TransferLoop(
            settler, _ids, new TransferPlan(Seed, _ids.Length, Partners), long.MaxValue, _run.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_run.Interrupted);
        var startedAt = Stopwatch.GetTimestamp();
        var transfers = loop.RunAsync(Concurrency, stop.Token);
        try
        {
            await settler.UnderWay;
            var moments = await LookAsync(settler.Tally, startedAt);
            await stop.CancelAsync();
            await transfers;
            _run.Interrupted.ThrowIfCancellationRequested();
            var (sent, elapsed) = (settler.Tally.Sent, Stopwatch.GetElapsedTime(startedAt));
            var restored = moments.MaxBy(moment => moment.Snapshot.MessagesInTransit)!.Snapshot.Id;
            return new(_accounts.Length, sent, elapsed, moments, await RestoreStory.TellAsync(_run, _bank, restored));
        }
        catch
        {
            settler.Abandon();
            await transfers;
            throw;
        }
    }

    private async Task<List<BankMoment>> LookAsync(TransferTally tally, long startedAt)
    {
        var moments = new List<BankMoment>();
        while (Stopwatch.GetElapsedTime(startedAt) < MaxTime
            && (moments.Count < Looks || tally.Sent < BankStoryResult.MinTransfers))
        {
            await Task.Delay(Pause, _run.Interrupted);
            var id = new SnapshotId(string.Create(CultureInfo.InvariantCulture, $"demo-{moments.Count + 1}"));
            var snapshot = SnapshotProbe.TakeAsync(_bank, id, _ids[0], _run.Interrupted);
            var accounts = await AccountReader.ReadAsync(_bank, _ids, _run.Interrupted);
            var naiveTotal = accounts.Aggregate(Int128.Zero, (sum, account) => sum + account.Balance);
            var moment = new BankMoment(await snapshot, naiveTotal, _trueTotal);
            _run.Interrupted.ThrowIfCancellationRequested();
            moments.Add(moment);
            _run.Terminal.ShowNow(page => BankStoryReport.Show(page, moment));
        }

        return moments;
    }
}

/// <summary>Two readings of the running bank at one moment.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="NaiveTotal">The sum of all balances, read one by one at that moment.</param>
/// <param name="TrueTotal">The money in the bank: the deposits, since nothing is withdrawn.</param>
internal sealed record BankMoment(SnapshotProbeResult Snapshot, Int128 NaiveTotal, Int128 TrueTotal)
{
    /// <summary>Whether the snapshot holds and finds all the money.</summary>
    public bool Holds =>
        Snapshot is { Holds: true, Figures.Money: { } money } && money.Balance + money.InTransit == TrueTotal;
}

/// <summary>The result of the story of the bank.</summary>
/// <param name="Accounts">The accounts.</param>
/// <param name="Transfers">The transfers that were settled.</param>
/// <param name="Elapsed">How long they ran.</param>
/// <param name="Moments">The moments at which the bank was read.</param>
/// <param name="Restore">The story of the restore, which goes on from there.</param>
internal sealed record BankStoryResult(
    int Accounts, long Transfers, TimeSpan Elapsed, IReadOnlyList<BankMoment> Moments, RestoreStoryResult Restore)
{
    /// <summary>The story claims thousands of transfers.</summary>
    public const long MinTransfers = 2_000;

    /// <summary>The claim of the story that failed in this run; null if all held.</summary>
    public string? Complaint
    {
        get
        {
            if (Transfers < MinTransfers) return $"only {Transfers} transfers were settled";
            if (Moments.FirstOrDefault(moment => !moment.Holds) is { } broken)
                return $"the snapshot {broken.Snapshot.Id} does not hold: {broken.Snapshot.Complaint}";

            return Moments.Any(moment => (moment.Snapshot.Figures?.Money?.InTransit ?? 0) > 0)
                ? null
                : "no snapshot saw money in transit";
        }
    }
}
