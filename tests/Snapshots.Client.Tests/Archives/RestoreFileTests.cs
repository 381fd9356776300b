namespace Snapshots.Client.Tests;

public sealed class RestoreFileTests(BankCluster cluster) : IClassFixture<BankCluster>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_restores_an_empty_cluster_without_a_question_and_a_full_one_only_after_one()
    {
        await cluster.RunAsync("account open alice --deposit 100");
        await cluster.RunAsync("account open bob");
        await cluster.RunAsync("transfer alice bob 30 --id rent");
        await cluster.RunAsync("snapshot take --id a");
        await cluster.RunAsync($"snapshot archive a --file {_folder["a"]}");
        var file = $"snapshot restore --file {_folder["a"]}";
        Assert.Equal(2, (await cluster.RunAsync(file)).ExitCode);
        Assert.Single((await cluster.RunAsync("snapshot list -o json")).Json.EnumerateArray());
        await cluster.RunAsync("account deposit alice 5");
        var plan = (await cluster.RunAsync($"{file} --dry-run -o json")).Json;
        Assert.Equal(("planned", "a"), (plan.GetProperty("status").GetString(), plan.GetProperty("snapshot").GetString()));
        Assert.Equal(2, plan.GetProperty("processesRestored").GetInt32());
        Assert.Equal(100, plan.GetProperty("balance").GetInt64() + plan.GetProperty("inTransit").GetInt64());
        Assert.Equal(1, plan.GetProperty("changedAccounts").GetInt32());
        Assert.Single((await cluster.RunAsync("snapshot list -o json")).Json.EnumerateArray());
        Assert.Equal(2, (await cluster.RunAsync("snapshot restore")).ExitCode);
        Assert.Equal(2, (await cluster.RunAsync($"snapshot restore a --file {_folder["a"]}")).ExitCode);

        var other = new BankCluster();
        await using (other)
        {
            await other.InitializeAsync();
            var restored = await other.RunAsync($"{file} -o json");
            Assert.True(restored.ExitCode == 0, restored.ToString());
            Assert.Equal("completed", restored.Json.GetProperty("status").GetString());
            var bob = (await other.RunAsync("account show bob -o json")).Json;
            Assert.Equal(30, bob.GetProperty("balance").GetInt64());

            // The cut remembers the key.
            Assert.Equal(0, (await other.RunAsync("transfer alice bob 30 --id rent")).ExitCode);
            Assert.Equal(0, (await other.RunAsync($"{file} --yes")).ExitCode);
            var alice = (await other.RunAsync("account show alice -o json")).Json;
            Assert.Equal(70, alice.GetProperty("balance").GetInt64());
        }
    }
}
