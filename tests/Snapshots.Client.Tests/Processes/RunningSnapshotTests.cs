namespace Snapshots.Client.Tests;

/// <summary>Snapshots that do not end, because one account never records.</summary>
public sealed class RunningSnapshotTests(BankCluster cluster) : IClassFixture<BankCluster>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await cluster.RunAsync("account open alice --deposit 100");
        await cluster.RunAsync("account open deaf-account");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_wait_that_is_too_short_leaves_it_running()
    {
        var result = await cluster.RunAsync("snapshot take --id long --timeout 8 -o json");
        Assert.Equal((4, "timeout"), (result.ExitCode, result.ErrorCode));
        Assert.Equal("running", result.Json.GetProperty("status").GetString());
        Assert.Equal("deaf-account", result.Json.GetProperty("progress").GetProperty("waitingFor")[0].GetString());

        Assert.Equal(0, (await cluster.RunAsync("snapshot show long")).ExitCode);
        Assert.Equal(4, (await cluster.RunAsync("snapshot export long --file never")).ExitCode);
        Assert.Equal(4, (await cluster.RunAsync("snapshot verify long")).ExitCode);
        Assert.Equal(2, (await cluster.RunAsync("snapshot delete long")).ExitCode);

        var aborted = await cluster.RunAsync("snapshot abort long -o json");
        Assert.Equal((0, "aborted"), (aborted.ExitCode, aborted.Json.GetProperty("status").GetString()));
        Assert.Equal(5, (await cluster.RunAsync("snapshot wait long")).ExitCode);
        Assert.Equal(5, (await cluster.RunAsync("snapshot verify long")).ExitCode);
    }

    [Fact]
    public async Task One_that_outlives_its_own_timeout_is_aborted()
    {
        var result = await cluster.RunAsync("snapshot take --id brief --snapshot-timeout 1 -o json");
        Assert.Equal((5, "snapshotAborted"), (result.ExitCode, result.ErrorCode));
        Assert.Equal("aborted", result.Json.GetProperty("status").GetString());
        Assert.Contains("deaf-account", result.Json.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var table = await cluster.RunAsync("snapshot show brief");
        Assert.Contains("processes recorded", table.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_leaves_it_running_and_says_how_to_come_back(string signal)
    {
        var id = $"signal-{signal}";
        using var program = cluster.Start($"snapshot take --id {id}");
        await program.UntilAsync(AppearsAsync(id));
        await program.SignalAsync(signal);
        var result = await program.EndAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.Contains($"snapshot wait {id}", result.Error, StringComparison.Ordinal);
        var shown = (await cluster.RunAsync($"snapshot show {id} -o json")).Json;
        Assert.Equal("running", shown.GetProperty("status").GetString());
        await cluster.RunAsync($"snapshot abort {id}");
    }

    /// <summary>Until the program has begun its snapshot; each look is a whole run of the program.</summary>
    private async Task AppearsAsync(string id)
    {
        while ((await cluster.RunAsync($"snapshot show {id}")).ExitCode != 0)
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
    }
}
