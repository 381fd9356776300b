using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

public sealed class StrangersTests
{
    private const int MaxAccounts = 400;

    /// <summary>Accounts open, and pay others that they never met, without a pause while snapshots are taken.</summary>
    [Fact]
    public async Task Snapshots_complete_while_accounts_open_and_strangers_pay_each_other()
    {
        await using var bank = await BankCluster.StartAsync(silos: 2);
        await bank.OpenAsync(accounts: 10, deposit: 1000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var opened = 10;
        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(seed => OpenAndPayAsync(seed)));
        var sizes = new List<long>();
        for (var number = 0; number < 6; number++)
        {
            var certificate = await bank.ProveAsync(await bank.TakeAsync($"s-{number}"));
            sizes.Add(certificate.ProcessCount);
        }

        await stop.CancelAsync();
        await load;
        Assert.True(sizes[^1] > sizes[0], "nobody appeared between the first snapshot and the last");

        async Task OpenAndPayAsync(int seed)
        {
            var random = new Random(seed);
            while (!stop.IsCancellationRequested)
            {
                var newcomer = Interlocked.Increment(ref opened) - 1;
                if (newcomer >= MaxAccounts) return;
                await bank.Account($"P{newcomer}").OpenAsync(1000);
                for (var count = 0; count < 3; count++)
                {
                    // One in four goes to an account that does not exist yet, and comes back or waits for it.
                    var to = random.Next(4) == 0 ? newcomer + 5 + random.Next(5) : random.Next(newcomer);
                    var key = RequestKeys.Create(DateTimeOffset.UtcNow, (ulong)random.NextInt64());
                    await bank.Account($"P{newcomer}").TransferAsync(
                        key, new ProcessId($"P{to}"), new Amount(1 + random.Next(9)));
                }
            }
        }
    }
}
