using Snapshots.Bank;

namespace Snapshots.Client.Tests;

public sealed class LoadTests(BankCluster cluster) : IClassFixture<BankCluster>
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_with_its_summary(string signal)
    {
        var prefix = $"signal-{signal}-";
        using var program = cluster.Start(
            $"load --accounts 4 --duration 600 --concurrency 8 --prefix {prefix} -o json");
        await program.UntilAsync(
            Task.WhenAll(Enumerable.Range(0, 4)
                .Select(index => cluster.Meddler
                    .CalledAsync($"{prefix}{index}", nameof(IAccountGrain.TransferAllAsync)))));
        await program.SignalAsync(signal);
        var result = await program.EndAsync();
        Assert.Equal((130, "interrupted"), (result.ExitCode, result.ErrorCode));
        Assert.True(result.Json.GetProperty("transfers").GetInt64() > 0);
    }

    [Fact]
    public async Task What_nobody_settles_is_unknown()
    {
        // The opening of slow accounts is not answered either: the load does not begin.
        var result = await cluster.RunAsync("load --accounts 2 --transfers 5 --prefix slow --timeout 8 -o json");
        Assert.Equal((4, "timeout"), (result.ExitCode, result.ErrorCode));
    }

    [Fact]
    public async Task Money_that_could_come_back_cannot_be_counted()
    {
        var result = await cluster.RunAsync(
            "load --accounts 2 --transfers 20 --prefix giant --deposit 9007199254740991 -o json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, result.Json.GetProperty("returned").ValueKind);
    }

    [Fact]
    public async Task Accounts_that_are_open_are_not_funded_again()
    {
        await cluster.RunAsync("load --accounts 3 --transfers 10 --prefix again --deposit 50");
        await cluster.RunAsync("load --accounts 4 --transfers 10 --prefix again --deposit 70");
        var accounts = (await cluster.RunAsync("account list -o json")).Json.EnumerateArray()
            .Where(account => account.GetProperty("id").GetString()!.StartsWith("again", StringComparison.Ordinal));
        Assert.Equal([50, 50, 50, 70], accounts.Select(account => account.GetProperty("deposited").GetInt64()));
    }
}
