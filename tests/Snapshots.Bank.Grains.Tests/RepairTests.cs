using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Snapshots.Bank.Hosting;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

/// <summary>A storage that has lost acknowledged writes of an account.</summary>
public sealed class RepairTests : IDisposable
{
    private const int Accounts = 6;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("snapshots-repair-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("DELETE FROM entry WHERE process = 'account/P3'; DELETE FROM checkpoint WHERE process = 'account/P3'; DELETE FROM journal WHERE process = 'account/P3'")]
    [InlineData("UPDATE checkpoint SET content = x'00112233' WHERE process = 'account/P3'; DELETE FROM entry WHERE process = 'account/P3'")]
    public async Task A_snapshot_fails_at_once_and_names_the_account_and_a_restore_brings_it_back(string loss)
    {
        await using (var silo = await StartAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, Accounts).Select(index => Account(silo, index).OpenAsync(1000)));
            Assert.Equal(SnapshotStatus.Completed, (await TakeAsync(silo, "sound")).Status);
        }

        await LoseAsync(loss);
        await using (var silo = await StartAsync())
        {
            await Assert.ThrowsAsync<DamagedStateException>(() => Account(silo, 3).GetAsync());
            var failed = await TakeAsync(silo, "damaged");
            Assert.Equal(SnapshotStatus.Aborted, failed.Status);
            Assert.Contains("account/P3", failed.Reason, StringComparison.Ordinal);

            var refused = await RestoreAsync(silo, takesSafety: true);
            Assert.Equal(RestoreStatus.Aborted, refused.Status);
            Assert.StartsWith("no safety snapshot could be taken", refused.Failure, StringComparison.Ordinal);
            await Assert.ThrowsAsync<DamagedStateException>(() => Account(silo, 3).GetAsync());

            Assert.Equal(RestoreStatus.Completed, (await RestoreAsync(silo, takesSafety: false)).Status);
            Assert.Equal(1000, (await Account(silo, 3).GetAsync()).Balance);
            Assert.Equal(SnapshotStatus.Completed, (await TakeAsync(silo, "repaired")).Status);
        }

        await using (var silo = await StartAsync()) Assert.Equal(1000, (await Account(silo, 3).GetAsync()).Balance);
    }

    private static IAccountGrain Account(EmbeddedSilo silo, int index) => silo.Grains.GetGrain<IAccountGrain>($"P{index}");

    private static async Task<SnapshotSummary> TakeAsync(EmbeddedSilo silo, string id)
    {
        var snapshots = new SnapshotClient(silo.Grains, BankApplication.Name);
        await snapshots.BeginAsync(new SnapshotRequest(new(id), default, TimeSpan.FromMinutes(5)));
        return (await snapshots.WaitAsync(new(id), progress: null, Cancelled)).Summary;
    }

    private static async Task<RestoreSummary> RestoreAsync(EmbeddedSilo silo, bool takesSafety)
    {
        var snapshots = new SnapshotClient(silo.Grains, BankApplication.Name);
        var restore = await snapshots.BeginRestoreAsync(new(new("sound"), "an account is damaged", takesSafety));
        return await snapshots.WaitForRestoreAsync(restore.Number, progress: null, Cancelled);
    }

    private Task<EmbeddedSilo> StartAsync() => EmbeddedSilo.StartAsync(_data.FullName, LogLevel.Critical, cancellationToken: Cancelled);

    private async Task LoseAsync(string statements)
    {
        var file = _data.GetFiles("*.db").Single();
        await using var connection = new SqliteConnection($"Data Source={file.FullName};Pooling=False");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are those of the test.
        command.CommandText = statements;
#pragma warning restore CA2100
        Assert.True(await command.ExecuteNonQueryAsync(Cancelled) > 0);
    }
}
