using Snapshots.Bank;

namespace Snapshots.Client.Tests;

/// <summary>The cluster goes away while the program uses it.</summary>
public sealed class LostClusterTests : IAsyncLifetime
{
    private readonly BankCluster _cluster = new();

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_load_gives_up_with_its_summary()
    {
        using var program = _cluster.Start(
            "load --accounts 4 --duration 600 --concurrency 8 --prefix lost --timeout 15 -o json");
        await program.UntilAsync(
            Task.WhenAll(Enumerable.Range(0, 4)
                .Select(index => _cluster.Meddler
                    .CalledAsync($"lost{index}", nameof(IAccountGrain.TransferAllAsync)))));
        await _cluster.StopAsync();
        var result = await program.EndAsync();
        Assert.True(result.ExitCode == 7, result.ToString());
        Assert.Equal("clusterUnreachable", result.ErrorCode);
        Assert.True(result.Json.GetProperty("accepted").GetInt64() > 0);
        Assert.True(result.Json.GetProperty("unknown").GetInt64() > 0);
        Assert.Empty(result.Error);
    }
}
