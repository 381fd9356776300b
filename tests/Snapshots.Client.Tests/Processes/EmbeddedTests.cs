using System.Text.Json;
using System.Text.Json.Nodes;
using Snapshots.Storage;

namespace Snapshots.Client.Tests;

public sealed class EmbeddedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_whole_way_from_opening_to_proving()
    {
        Assert.Equal(0, (await RunAsync("account open alice --deposit 100")).ExitCode);
        Assert.Equal(0, (await RunAsync("account open bob")).ExitCode);
        Assert.Equal((8, "alreadyOpen"), Failure(await RunAsync("account open bob")));
        var first = await BuiltProgram.RunAsync(
            "transfer", "alice", "bob", "30", "--id", "t-9", "-o", "json", "--embedded", "--data", _folder["data"]);
        Assert.False(first.Json.GetProperty("duplicate").GetBoolean());
        var second = await RunAsync("transfer alice bob 30 --id t-9");
        Assert.Equal(
            ("t-9", "alice", "bob", 30L, "accepted", true),
            (Text(second, "id"), Text(second, "from"), Text(second, "to"), second.Json.GetProperty("amount").GetInt64(),
                Text(second, "outcome"), second.Json.GetProperty("duplicate").GetBoolean()));

        var taken = await RunAsync("snapshot take --id s-1"); // Its markers follow the money.
        Assert.Equal(0, taken.ExitCode);
        var accounts = (await RunAsync("account list")).Json;
        Assert.Equal([70, 30], accounts.EnumerateArray().Select(account => account.GetProperty("balance").GetInt64()));
        Assert.True(taken.Json.GetProperty("certificate").GetProperty("conserved").GetBoolean());
        var file = _folder["s-1.json"];
        Assert.Equal(0, (await RunAsync($"snapshot export s-1 --file {file}")).ExitCode);
        Assert.Equal(
            Digest(taken.Output), Digest(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
        Assert.Equal(0, (await RunAsync("snapshot verify s-1")).ExitCode);
        Assert.Equal(0, (await BuiltProgram.RunAsync("snapshot", "verify", "--file", file)).ExitCode);

        var changed = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        changed["processes"]![0]!["state"]!["balance"] = 71;
        await File.WriteAllTextAsync(file, changed.ToJsonString(), TestContext.Current.CancellationToken);
        var violated = await BuiltProgram.RunAsync("snapshot", "verify", "--file", file, "-o", "json");
        Assert.Equal((6, "propertyViolated"), Failure(violated));
        Assert.False(violated.Json.GetProperty("valid").GetBoolean());
        Assert.NotEmpty(violated.Json.GetProperty("violations").EnumerateArray());
    }

    /// <summary>Else it would stay under way as long as every command is over sooner than it arrives.</summary>
    [Fact]
    public async Task The_money_of_a_load_has_arrived_when_it_is_over()
    {
        for (var load = 0; load < 3; load++)
        {
            Assert.Equal(
                0, (await RunAsync("load --accounts 12 --deposit 1000 --transfers 1000 --concurrency 64")).ExitCode);
            var accounts = (await RunAsync("account list")).Json;
            Assert.Equal(12_000, accounts.EnumerateArray().Sum(account => account.GetProperty("balance").GetInt64()));
        }
    }

    [Fact]
    public async Task A_data_directory_that_another_holds_is_told_in_one_line()
    {
        using var held = DataDirectory.Open(_folder["data"]);
        var result = await BuiltProgram.RunAsync("account", "list", "--embedded", "--data", _folder["data"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains(_folder["data"], result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_told_in_one_line()
    {
        await File.WriteAllTextAsync(_folder["file"], "", TestContext.Current.CancellationToken);
        var result = await BuiltProgram.RunAsync(
            "account", "list", "--embedded", "--data", _folder["file"], "-o", "json");
        Assert.Equal((1, "unexpected"), Failure(result));
    }

    [Fact]
    public async Task A_load_takes_snapshots_that_hold()
    {
        var result = await RunAsync("load --accounts 10 --transfers 2000 --concurrency 32 --snapshot-every 1");
        Assert.True(result.ExitCode == 0, result.ToString());
        var json = result.Json;
        Assert.Equal(
            (10L, 2000L, 0L, 0L),
            (Number("accounts"), Number("transfers"), Number("returned"), Number("unknown")));
        Assert.Equal(2000, Number("accepted") + Number("refused"));
        Assert.True(json.GetProperty("seconds").GetDouble() > 0);
        Assert.True(json.GetProperty("transfersPerSecond").GetDouble() > 0);
        var latency = json.GetProperty("latencyMs");
        var percentiles = latency.EnumerateObject().Select(member => member.Value.GetDouble()).ToList();
        Assert.Equal(["p50", "p95", "p99", "max"], latency.EnumerateObject().Select(member => member.Name));
        Assert.Equal(percentiles.Order(), percentiles);
        var snapshots = json.GetProperty("snapshots").EnumerateArray().ToList();
        Assert.NotEmpty(snapshots);
        Assert.All(snapshots, snapshot =>
        {
            Assert.Equal("completed", snapshot.GetProperty("status").GetString());
            Assert.True(snapshot.GetProperty("consistent").GetBoolean());
            Assert.True(snapshot.GetProperty("conserved").GetBoolean());
            Assert.True(snapshot.GetProperty("durationMs").GetDouble() > 0);
            Assert.True(snapshot.GetProperty("messagesInTransit").GetInt64() >= 0);
        });

        long Number(string name) => json.GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task The_demo_holds_what_it_claims()
    {
        var result = await BuiltProgram.RunAsync("demo", "-o", "json");
        Assert.True(result.ExitCode == 0, result.ToString());
        var (tokens, bank) = (result.Json.GetProperty("tokens"), result.Json.GetProperty("bank"));
        Assert.Equal((6, 6), (tokens.GetProperty("count").GetInt32(), tokens.GetProperty("snapshotTokens").GetInt32()));
        Assert.True(tokens.GetProperty("naiveLost").GetInt32() > 0);
        Assert.True(tokens.GetProperty("naiveTwice").GetInt32() > 0);
        Assert.True(tokens.GetProperty("snapshotInChannels").GetInt32() > 0);
        Assert.True(bank.GetProperty("accounts").GetInt32() > 200);
        Assert.True(bank.GetProperty("transfers").GetInt64() > 1_000);
        Assert.All(bank.GetProperty("snapshots").EnumerateArray(), snapshot =>
        {
            Assert.True(snapshot.GetProperty("consistent").GetBoolean());
            Assert.True(snapshot.GetProperty("naiveTotal").GetInt64() > 0);
            Assert.Equal(306_000, snapshot.GetProperty("trueTotal").GetInt64());
        });
        var restore = result.Json.GetProperty("restore");
        Assert.True(restore.GetProperty("exact").GetBoolean());
        Assert.True(restore.GetProperty("redelivered").GetInt32() > 0);
        Assert.True(restore.GetProperty("transfersUndone").GetInt64() > 0);
        Assert.Equal(2, restore.GetProperty("epoch").GetInt32());
        AssertUses(result.Json.GetProperty("deadlock"), result.Json.GetProperty("garbage"));
    }

    [Fact]
    public async Task The_demo_tells_only_the_stories_that_are_asked_for()
    {
        var result = await BuiltProgram.RunAsync("demo", "--story", "garbage", "deadlock", "-o", "json");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["deadlock", "garbage"], result.Json.EnumerateObject().Select(story => story.Name));
        AssertUses(result.Json.GetProperty("deadlock"), result.Json.GetProperty("garbage"));
    }

    private static void AssertUses(JsonElement deadlock, JsonElement garbage)
    {
        Assert.True(deadlock.GetProperty("found").GetBoolean());
        Assert.Equal(["A", "B"], deadlock.GetProperty("witness").EnumerateArray().Select(each => each.GetString()));
        Assert.True(deadlock.GetProperty("naivePhantom").GetBoolean());
        Assert.False(deadlock.GetProperty("snapshotPhantom").GetBoolean());
        Assert.Equal(
            (6, 4, 1, 4),
            (garbage.GetProperty("objects").GetInt32(),
                garbage.GetProperty("garbage").GetInt32(),
                garbage.GetProperty("keptByMessage").GetInt32(),
                garbage.GetProperty("removed").GetInt32()));
    }

    private static (int ExitCode, string? Code) Failure(ProgramResult result) => (result.ExitCode, result.ErrorCode);

    private static string? Text(ProgramResult result, string name) => result.Json.GetProperty(name).GetString();

    private static string? Digest(string document) =>
        JsonNode.Parse(document)!["certificate"]!["digest"]!.GetValue<string>();

    private Task<ProgramResult> RunAsync(string commandLine) =>
        InProcess.RunAsync($"{commandLine} --embedded --data {_folder["data"]} -o json");
}
