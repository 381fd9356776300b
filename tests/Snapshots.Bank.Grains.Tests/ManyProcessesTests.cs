namespace Snapshots.Bank.Grains.Tests;

public sealed class ManyProcessesTests
{
    [Fact]
    public async Task A_snapshot_over_ten_thousand_processes_completes()
    {
        const int Accounts = 10_000;
        await using var bank = await BankCluster.StartAsync(silos: 1);
        await bank.OpenAsync(Accounts, deposit: 5);
        var certificate = await bank.ProveAsync(await bank.TakeAsync("s-1"));
        Assert.Equal((Accounts, Accounts * 5), (certificate.ProcessCount, (long)certificate.Money!.Balance));
    }
}
