using System.Text.Json;

namespace Snapshots.Faults.Tests;

/// <summary>
/// A bank moves from SQLite to a Redis with three silos and back, in archives: every state, every message in transit and
/// every request key arrives.
/// </summary>
public sealed class ArchiveMigrationTests : IDisposable
{
    private const string Load = "load --accounts 12 --deposit 1000 --transfers 4000 --concurrency 64 --snapshot-every 0.2";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_snapshot_says_the_same_after_it_moved_from_SQLite_to_Redis_and_back()
    {
        var first = $"--embedded --data {_folder["first"]}";
        await ClientCommands.ShowAsync($"account open P0 --deposit 1000 {first}");
        await ClientCommands.ShowAsync($"account open P1 {first}");
        await ClientCommands.ShowAsync($"transfer P0 P1 7 --id rent {first}");
        var id = Busiest(await ClientCommands.ShowAsync($"{Load} {first}"));
        var begin = await ExportAsync(id, "begin", first);
        await ClientCommands.ShowAsync($"snapshot archive {id} --file {_folder["first.archive"]} {first}");

        await using var cluster = await Cluster.StartAsync();
        await cluster.CompleteAsync();
        var redis = $"--redis {cluster.Redis.Address}";
        var restored = await ClientCommands.ShowAsync($"snapshot restore --file {_folder["first.archive"]} {redis}");
        Check(restored, begin);
        Assert.Equal(Expected(begin), Balances(await ClientCommands.ShowAsync($"account list {redis}")));
        var again = await ClientCommands.ShowAsync($"transfer P0 P1 7 --id rent {redis}");
        Assert.True(again.GetProperty("duplicate").GetBoolean());
        var next = await ClientCommands.ShowAsync($"snapshot take {redis}");
        Assert.True(next.GetProperty("certificate").GetProperty("conserved").GetBoolean());
        Assert.Equal(restored.GetProperty("toEpoch").GetInt64(), next.GetProperty("epoch").GetInt64());

        // Into a service that has processes it goes only when that is confirmed.
        var refused = await ClientCommands.RunAsync($"snapshot restore --file {_folder["first.archive"]} {redis}", interrupted: TestContext.Current.CancellationToken);
        Assert.Equal(2, refused.ExitCode);

        await ClientCommands.ShowAsync($"snapshot archive {id} --file {_folder["second.archive"]} {redis}");
        var second = $"--embedded --data {_folder["second"]}";
        Check(await ClientCommands.ShowAsync($"snapshot restore --file {_folder["second.archive"]} {second}"), begin);
        Assert.Equal(Expected(begin), Balances(await ClientCommands.ShowAsync($"account list {second}")));
        var end = await ExportAsync(id, "end", second);
        foreach (var part in new[] { "processes", "channels" })
        {
            Assert.Equal(begin.GetProperty(part).GetRawText(), end.GetProperty(part).GetRawText());
        }
    }

    [Fact]
    public async Task A_fork_under_another_service_id_leaves_the_service_on_the_same_Redis_alone()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.AddSiloAsync();
        var live = $"--redis {cluster.Redis.Address}";
        await ClientCommands.ShowAsync($"account open alice --deposit 100 {live}");
        await ClientCommands.ShowAsync($"snapshot take --id s {live}");
        await ClientCommands.ShowAsync($"snapshot archive s --file {_folder["s"]} {live}");
        string[] ids = ["--cluster-id", "fork", "--service-id", "fork"];
        await using var silo = await Silo.StartAsync(
            _folder.Path, ["--redis", cluster.Redis.Address, "--gateway-port=0", .. ids]);
        var fork = $"{live} {string.Join(' ', ids)}";
        await ClientCommands.ShowAsync($"snapshot restore --file {_folder["s"]} {fork}");
        await ClientCommands.ShowAsync($"account withdraw alice 60 {fork}");
        Assert.Equal(40, (await ClientCommands.ShowAsync($"account show alice {fork}")).GetProperty("balance").GetInt64());
        Assert.Equal(100, (await ClientCommands.ShowAsync($"account show alice {live}")).GetProperty("balance").GetInt64());
        Assert.Equal(1, (await ClientCommands.ShowAsync($"snapshot show s {live}")).GetProperty("epoch").GetInt64());
    }

    /// <summary>The snapshot of a load with the most messages in transit; a run without any would test too little.</summary>
    private static string Busiest(JsonElement load)
    {
        var busiest = load.GetProperty("snapshots").EnumerateArray()
            .Where(each => each.GetProperty("status").GetString() == "completed")
            .MaxBy(each => each.GetProperty("messagesInTransit").GetInt64());
        Assert.True(busiest.GetProperty("messagesInTransit").GetInt64() > 0, "no snapshot had a message in transit");
        return busiest.GetProperty("id").GetString()!;
    }

    private static void Check(JsonElement restored, JsonElement document)
    {
        Assert.Equal("completed", restored.GetProperty("status").GetString());
        Assert.Equal(document.GetProperty("processes").GetArrayLength(), restored.GetProperty("processesRestored").GetInt64());
        Assert.Equal(
            document.GetProperty("certificate").GetProperty("messagesInTransit").GetInt64(),
            restored.GetProperty("messagesRedelivered").GetInt64());
    }

    /// <summary>The balances once all that was in transit has arrived: all accounts of the load are open.</summary>
    private static SortedDictionary<string, long> Expected(JsonElement document)
    {
        var balances = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var process in document.GetProperty("processes").EnumerateArray())
            balances.Add(process.GetProperty("id").GetString()!, process.GetProperty("state").GetProperty("balance").GetInt64());
        foreach (var channel in document.GetProperty("channels").EnumerateArray())
        {
            foreach (var message in channel.GetProperty("messages").EnumerateArray())
                balances[channel.GetProperty("target").GetString()!] += message.GetProperty("amount").GetInt64();
        }

        return balances;
    }

    private static SortedDictionary<string, long> Balances(JsonElement accounts) => new(
        accounts.EnumerateArray().ToDictionary(
            account => account.GetProperty("id").GetString()!, account => account.GetProperty("balance").GetInt64()),
        StringComparer.Ordinal);

    private async Task<JsonElement> ExportAsync(string id, string name, string connection)
    {
        var file = _folder[$"{name}.json"];
        await ClientCommands.ShowAsync($"snapshot export {id} --file {file} {connection}");
        return JsonElement.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }
}
