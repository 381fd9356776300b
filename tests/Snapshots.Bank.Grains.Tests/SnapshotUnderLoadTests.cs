using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

public sealed class SnapshotUnderLoadTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Snapshots_taken_while_money_moves_are_consistent_and_conserved(short silos)
    {
        const int Accounts = 30;
        await using var bank = await BankCluster.StartAsync(silos);
        await bank.OpenAsync(Accounts, 1000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var load = Task.WhenAll(
            Enumerable.Range(0, 16).Select(worker => MoveAsync(bank, Accounts, worker, stop.Token)));
        var inTransit = 0L;
        for (var number = 0; number < 4; number++)
        {
            var view = await bank.TakeAsync($"s-{number}");
            var certificate = await bank.ProveAsync(view);
            Assert.Equal(Accounts, certificate.ProcessCount);
            Assert.Equal(Accounts * 1000, (long)certificate.Money!.Deposited);
            inTransit += certificate.MessagesInTransit;
        }

        await stop.CancelAsync();
        await load;
        Assert.True(inTransit > 0, "no snapshot saw money in transit");
    }

    private static async Task MoveAsync(BankCluster bank, int accounts, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        while (!stop.IsCancellationRequested)
        {
            var from = random.Next(accounts);
            var to = (from + 1 + random.Next(accounts - 1)) % accounts;
            var key = RequestKeys.Create(DateTimeOffset.UtcNow, (ulong)random.NextInt64());
            await bank.Account($"P{from}").TransferAsync(key, new ProcessId($"P{to}"), new Amount(1 + random.Next(5)));
        }
    }
}
