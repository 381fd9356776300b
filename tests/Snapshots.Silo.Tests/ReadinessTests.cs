using System.Net;
using Microsoft.Data.Sqlite;

namespace Snapshots.Silo.Tests;

public sealed class ReadinessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_silo_that_cannot_write_lives_but_is_not_ready_until_it_can()
    {
        await using var silo = SiloProcess.StartOnFreePorts(_folder.Path, "--data", ".");
        var ready = await silo.Ready();
        await using var bank = await BankClient.Connect(ready.Gateway);
        await using var intruder = new SqliteConnection($"Data Source={_folder.Below("snapshots.db")};Pooling=False");
        await intruder.OpenAsync(TestContext.Current.CancellationToken);
        await Execute(intruder, "BEGIN IMMEDIATE");
        var opening = bank.Account("alice").OpenAsync(1);

        await silo.Logged("is locked by another program");
        var (status, body) = await Http.Get(ready.Http, "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("storage: The database", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Http.Get(ready.Http, "/health/live")).Status);

        await Execute(intruder, "ROLLBACK");
        await silo.Logged("The storage can write again.");
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await Http.Get(ready.Http, "/health/ready"));

        // Whether the account was opened depends on whether its grain tried again; that is not what this test is about.
        await opening.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static async Task Execute(SqliteConnection connection, string statement)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are those of this test.
        command.CommandText = statement;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
