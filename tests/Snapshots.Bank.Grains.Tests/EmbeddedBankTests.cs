using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Snapshots.Bank.Hosting;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

public sealed class EmbeddedBankTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("snapshots-bank-");

    public void Dispose() => _data.Delete(recursive: true);

    /// <summary>
    /// The silo stops while money is on its way: after the restart it arrives, without any traffic to wake its sender.
    /// </summary>
    [Fact]
    public async Task Balances_money_on_its_way_and_snapshots_survive_a_restart_of_the_silo()
    {
        const int Accounts = 20;
        await using (var silo = await StartAsync())
        {
            await Task.WhenAll(AllAccounts(silo, Accounts).Select(account => account.OpenAsync(1000)));
            var snapshots = new SnapshotClient(silo.Grains, BankApplication.Name);
            await snapshots.BeginAsync(
                new SnapshotRequest(new SnapshotId("before"), default, TimeSpan.FromSeconds(30)));
            await snapshots.WaitAsync(new SnapshotId("before"), progress: null, TestContext.Current.CancellationToken);
            await Task.WhenAll(Enumerable.Range(0, Accounts)
                .Select(index => silo.Grains.GetGrain<IAccountGrain>($"P{index}")
                .TransferAsync(
                    new RequestKey($"t-{index}"),
                    new ProcessId($"P{(index + 1) % Accounts}"),
                    new Amount(100 + index))));
        }

        await using (var silo = await StartAsync())
        {
            var expected = Enumerable.Range(0, Accounts).Select(
                index => 1000L - index + ((index + Accounts - 1) % Accounts)).ToArray();
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            timeout.CancelAfter(TimeSpan.FromSeconds(30));
            while (!(await BalancesAsync(silo, Accounts)).SequenceEqual(expected))
                timeout.Token.ThrowIfCancellationRequested();

            var snapshots = new SnapshotClient(silo.Grains, BankApplication.Name);
            var view = await snapshots.GetAsync(new SnapshotId("before"));
            Assert.NotNull(view);
            var state = await snapshots.ReadAsync(
                view,
                silo.Services.GetRequiredService<Serializer<AccountState>>(),
                silo.Services.GetRequiredService<Serializer<BankMessage>>());
            Assert.Equal(Accounts, state.Processes.Length);
            Assert.Equal(Accounts * 1000, state.Processes.Sum(process => process.State.Balance));
        }
    }

    private async Task<EmbeddedSilo> StartAsync() => await EmbeddedSilo.StartAsync(
        _data.FullName, LogLevel.Error, cancellationToken: TestContext.Current.CancellationToken);

    private static IEnumerable<IAccountGrain> AllAccounts(EmbeddedSilo silo, int count) =>
        Enumerable.Range(0, count).Select(index => silo.Grains.GetGrain<IAccountGrain>($"P{index}"));

    private static async Task<long[]> BalancesAsync(EmbeddedSilo silo, int count) =>
        [.. (await Task.WhenAll(AllAccounts(silo, count).Select(account => account.GetAsync())))
            .Select(view => view.Balance)];
}
