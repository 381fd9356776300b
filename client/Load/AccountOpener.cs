using System.Globalization;
using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>Opens and funds those of a load's accounts that are not open.</summary>
internal static class AccountOpener
{
    private const int Concurrency = 128;

    /// <summary>The accounts' names: a prefix and a number from 0.</summary>
    public static IReadOnlyList<ProcessId> Name(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(index => new ProcessId(string.Create(CultureInfo.InvariantCulture, $"{prefix}{index}")))];

    /// <summary>Opens them; returns the money that they hold together, those included that were open before.</summary>
    /// <exception cref="ClientException">An account can be opened neither now nor later.</exception>
    public static async Task<Int128> OpenAsync(
        BankConnection bank, IReadOnlyList<(ProcessId Id, long Deposit)> accounts, IProgressBar bar, CancellationToken interrupted)
    {
        var (done, totals) = (0, new Int128[accounts.Count]);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = interrupted };
        await Parallel.ForAsync(0, accounts.Count, options, async (index, token) =>
        {
            var (id, deposit) = accounts[index];
            totals[index] = await OpenAsync(bank, id, deposit, token);
            bar.Report(Interlocked.Increment(ref done), accounts.Count, "opening accounts");
        });
        return totals.Aggregate(Int128.Zero, (sum, balance) => sum + balance);
    }

    private static async Task<long> OpenAsync(BankConnection bank, ProcessId id, long deposit, CancellationToken interrupted)
    {
        var grain = bank.Account(id);
        var answer = await RepeatedCall.MakeAsync(bank, () => grain.OpenAsync(deposit), interrupted);
        if (answer.IsAccepted) return deposit;
        if (answer.Reason != RefusalReason.AlreadyOpen)
        {
            throw new ClientException(Refusals.CodeOf(answer.Reason), $"{id}: {answer.Message}");
        }

        return (await RepeatedCall.MakeAsync(bank, grain.GetAsync, interrupted)).Balance;
    }
}
