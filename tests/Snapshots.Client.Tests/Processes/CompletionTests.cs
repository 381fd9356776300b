using System.Diagnostics;
using System.Globalization;

namespace Snapshots.Client.Tests;

/// <summary>Ids are completed from the running cluster.</summary>
public sealed class CompletionTests(BankCluster cluster) : IClassFixture<BankCluster>
{
    [Fact]
    public async Task Accounts_and_snapshots_are_completed_and_a_snapshot_is_shown_without_its_state()
    {
        await cluster.RunAsync("account open carla");
        await cluster.RunAsync("account open carlo");
        var taken = await cluster.RunAsync("snapshot take --id cut-1 --summary -o json");
        Assert.Equal(0, taken.ExitCode);
        Assert.Equal("completed", taken.Json.GetProperty("status").GetString());
        Assert.False(taken.Json.TryGetProperty("processes", out _));
        Assert.False((await cluster.RunAsync("snapshot show cut-1 --summary -o json")).Json.TryGetProperty("channels", out _));
        Assert.True((await cluster.RunAsync("snapshot show cut-1 -o json")).Json.TryGetProperty("channels", out _));

        Assert.Equal(["carla", "carlo"], await CompleteAsync("account show car"));
        Assert.Equal(["cut-1"], await CompleteAsync("snapshot verify cu"));
        Assert.Equal(["carla", "carlo"], await CompleteAsync("snapshot take --initiator car"));
    }

    /// <summary>A completion that gets no answer in time is empty, so it is asked for again, for a while.</summary>
    private async Task<string[]> CompleteAsync(string words)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var completed = await CompleteOnceAsync(words);
            if (completed.Length > 0 || watch.Elapsed > TimeSpan.FromSeconds(30)) return completed;
        }
    }

    private async Task<string[]> CompleteOnceAsync(string words)
    {
        var line = $"snapshots --gateway {cluster.Gateway} {words}";
        var place = line.Length.ToString(CultureInfo.InvariantCulture);
        var result = await InProcess.RunAsync($"[suggest:{place}]", line);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
