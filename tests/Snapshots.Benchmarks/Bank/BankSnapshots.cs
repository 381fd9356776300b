using System.Diagnostics;
using System.Globalization;
using Snapshots.Bank;
using Snapshots.Documents;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Benchmarks;

/// <summary>Takes snapshots of the bank of one silo and proves each.</summary>
internal sealed class BankSnapshots(BenchmarkSilo silo, ScenarioRun run)
{
    /// <summary>A snapshot ends by its own timeout; this is for a silo that does not answer.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly SnapshotClient _client = new(silo.Grains, BankApplication.Name);
    private int _last;

    /// <summary>Takes one and waits for its end.</summary>
    public async Task<TakenSnapshot> TakeAsync()
    {
        var timeout = run.SnapshotTimeout;
        using var patience = new CancellationTokenSource(timeout + Grace);
        var id = new SnapshotId(string.Create(CultureInfo.InvariantCulture, $"s-{++_last}"));
        var startedAt = Stopwatch.GetTimestamp();
        run.SnapshotTaken();
        await _client.BeginAsync(new SnapshotRequest(id, Initiator: default, timeout));
        var view = await _client.WaitAsync(id, progress: null, patience.Token);
        return new TakenSnapshot(view, Stopwatch.GetElapsedTime(startedAt));
    }

    /// <summary>
    /// Reads it back, and with it proves its certificate and that no money was made or lost. None, and a failure of the
    /// run, when it does not hold; none, and a note, when it was aborted.
    /// </summary>
    public async Task<CertificateFigures?> ProveAsync(TakenSnapshot snapshot, long money)
    {
        var summary = snapshot.View.Summary;
        if (summary.Status != SnapshotStatus.Completed)
        {
            run.Note($"snapshot {summary.Id} was aborted: {summary.Reason}");
            return null;
        }

        var state = await _client.ReadAsync(
            snapshot.View, silo.Serializer<AccountState>(), silo.Serializer<BankMessage>());
        var figures = CertificateFigures.Of(state, AccountFormat.Instance);
        var totals = figures.Money!;
        if (!figures.Consistent || !totals.Conserved || totals.Balance + totals.InTransit != money)
        {
            run.Fail(
                $"snapshot {summary.Id} does not hold: {totals.Balance} + {totals.InTransit} of {money}; "
                    + $"{string.Join("; ", figures.Violations)}");
            return null;
        }

        run.SnapshotProven();
        return figures;
    }
}
