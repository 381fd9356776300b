using System.Text.Json;

namespace Snapshots.Client.Tests;

/// <summary>Restores take the whole bank back, so these tests have a cluster of their own.</summary>
public sealed class RestoreTests(BankCluster cluster) : IClassFixture<BankCluster>
{
    [Fact]
    public async Task A_restore_is_planned_confirmed_shown_listed_and_reverted()
    {
        await cluster.RunAsync("account open alice --deposit 100");
        await cluster.RunAsync("account open bob");
        await cluster.RunAsync("transfer alice bob 30 --id t-1");
        await cluster.RunAsync("snapshot take --id then");
        await cluster.RunAsync("account deposit alice 900 --id d-1");
        await cluster.RunAsync("account open carol --deposit 5");

        var plan = (await cluster.RunAsync("snapshot restore then --dry-run -o json")).Json;
        Assert.Equal("planned", plan.GetProperty("status").GetString());
        Assert.Equal((1, 2), (plan.GetProperty("fromEpoch").GetInt32(), plan.GetProperty("toEpoch").GetInt32()));
        Assert.Equal((2, 1), (plan.GetProperty("processesRestored").GetInt32(), plan.GetProperty("processesEmptied").GetInt32()));
        Assert.Equal(100, plan.GetProperty("balance").GetInt64() + plan.GetProperty("inTransit").GetInt64());
        Assert.Equal(2, plan.GetProperty("changedAccounts").GetInt32());
        Assert.Equal("[]", (await cluster.RunAsync("restore list -o json")).Output.Trim());

        var refused = await cluster.RunAsync("snapshot restore then -o json");
        Assert.Equal((2, "usage"), (refused.ExitCode, refused.ErrorCode));

        var restore = await cluster.RunAsync("snapshot restore then --yes --reason typo -o json");
        Assert.Equal(0, restore.ExitCode);
        AssertRestored(restore.Json, "then", 2);
        Assert.Equal("typo", restore.Json.GetProperty("reason").GetString());
        Assert.Equal(970, await SumAsync() + 870);
        AssertRestored((await cluster.RunAsync("restore show 1 -o json")).Json, "then", 2);
        AssertRestored((await cluster.RunAsync("restore wait 1 -o json")).Json, "then", 2);
        Assert.Equal((8, "committed"), await FailureAsync("restore abort 1 -o json"));
        Assert.Equal((3, "notFound"), await FailureAsync("restore show 7 -o json"));
        Assert.Equal((3, "notFound"), await FailureAsync("snapshot restore never --yes -o json"));

        // What the cut remembers is a duplicate; what came after it happens again.
        Assert.True((await cluster.RunAsync("transfer alice bob 30 --id t-1 -o json")).Json.GetProperty("duplicate").GetBoolean());
        Assert.False((await cluster.RunAsync("account deposit alice 900 --id d-1 -o json")).Json.GetProperty("duplicate").GetBoolean());
        var next = (await cluster.RunAsync("snapshot take --id next -o json")).Json;
        Assert.Equal(2, next.GetProperty("epoch").GetInt32());
        Assert.Equal("then", next.GetProperty("restoredFrom").GetProperty("snapshot").GetString());
        Assert.Equal(0, (await cluster.RunAsync("snapshot verify next")).ExitCode);

        var reverted = await cluster.RunAsync("restore revert --yes -o json");
        AssertRestored(reverted.Json, "safety-1", 3);
        Assert.Equal(1005, await SumAsync());
        Assert.Equal([2, 1], (await cluster.RunAsync("restore list -o json")).Json.EnumerateArray()
            .Select(each => each.GetProperty("number").GetInt32()));
    }

    private static void AssertRestored(JsonElement restore, string snapshot, int epoch)
    {
        Assert.Equal((1, snapshot, "completed"), (restore.GetProperty("schemaVersion").GetInt32(),
            restore.GetProperty("snapshot").GetString(), restore.GetProperty("status").GetString()));
        Assert.Equal(epoch, restore.GetProperty("toEpoch").GetInt32());
        Assert.Equal(JsonValueKind.String, restore.GetProperty("safetySnapshot").ValueKind);
        Assert.Equal(0, restore.GetProperty("waitingFor").GetArrayLength());
    }

    private async Task<(int ExitCode, string? Code)> FailureAsync(string command)
    {
        var result = await cluster.RunAsync(command);
        return (result.ExitCode, result.ErrorCode);
    }

    private async Task<long> SumAsync() => (await cluster.RunAsync("account list -o json")).Json.EnumerateArray()
        .Sum(account => account.GetProperty("balance").GetInt64());
}
