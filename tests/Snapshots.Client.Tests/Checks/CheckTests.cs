using System.Text.Json;
using Snapshots.Detection;
using Snapshots.Protocol;
using Stock;

namespace Snapshots.Client.Tests;

public sealed class CheckTests(BankCluster cluster) : IClassFixture<BankCluster>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync() => await cluster.RunAsync("account open alice --deposit 100");

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_bank_conserves_money_and_may_be_quiet()
    {
        await cluster.RunAsync("snapshot take --id c-1");
        var result = await cluster.RunAsync("snapshot check c-1 -o jsonl");
        Assert.Equal(
            """{"snapshot":"c-1","checks":[{"name":"conservation","class":"invariant","holds":true,"finding":false,"witness":[]},"""
            + """{"name":"quiet","class":"observed","holds":true,"finding":false,"witness":[]}]}""",
            result.Output.TrimEnd('\n'));
        Assert.Equal(0, result.ExitCode);
        var one = await cluster.RunAsync("snapshot check c-1 --check quiet -o json");
        Assert.Equal(["quiet"], Names(one.Json));
        var both = await cluster.RunAsync("snapshot check c-1 --check quiet conservation -o json");
        Assert.Equal(["conservation", "quiet"], Names(both.Json));
        Assert.Equal(3, (await cluster.RunAsync("snapshot check c-1 --check nosuch")).ExitCode);
        Assert.Equal(3, (await cluster.RunAsync("snapshot check nosuch")).ExitCode);
    }

    [Fact]
    public async Task A_file_is_checked_without_a_cluster_and_proven_first()
    {
        var file = DocumentFiles.WriteBank(_folder["f.json"]);
        var result = await InProcess.RunAsync("snapshot", "check", "--file", file, "-o", "json");
        Assert.True(result.ExitCode == 0, result.ToString());
        var quiet = result.Json.GetProperty("checks")[1];
        Assert.Equal((false, false), (quiet.GetProperty("holds").GetBoolean(), quiet.GetProperty("finding").GetBoolean()));
        Assert.Equal("alice->bob", quiet.GetProperty("witness")[0].GetString());

        var content = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            file, content.Replace("\"balance\": 70", "\"balance\": 71", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal(6, (await InProcess.RunAsync("snapshot", "check", "--file", file)).ExitCode);
        var unknown = DocumentFiles.Write(_folder["g.json"], "unheard-of", [("p", "{}")], []);
        var needsSilo = await InProcess.RunAsync("snapshot", "check", "--file", unknown, "-o", "json");
        Assert.Equal((2, "invalidInput"), (needsSilo.ExitCode, needsSilo.ErrorCode));
    }

    [Fact]
    public async Task An_archive_is_asked_and_checked_as_a_document_is()
    {
        await cluster.RunAsync("snapshot take --id c-2");
        var archive = _folder["c-2.archive"];
        Assert.Equal(0, (await cluster.RunAsync($"snapshot archive c-2 --file {archive}")).ExitCode);
        var check = await InProcess.RunAsync("snapshot", "check", "--file", archive, "-o", "json");
        Assert.Equal(["conservation", "quiet"], Names(check.Json));
        var query = await InProcess.RunAsync(
            "snapshot", "query", "--file", archive, "select balance from processes where id = 'alice'", "-o", "csv");
        Assert.Equal("balance\n100\n", query.Output);
    }

    [Fact]
    public async Task A_watch_takes_snapshots_itself_and_stores_one()
    {
        var result = await cluster.RunAsync("snapshot check --every 0.05 --for 5 -o jsonl");
        Assert.True(result.ExitCode == 0, result.ToString());
        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.True(lines.Length > 1, result.ToString());
        var ids = lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("snapshot").GetString()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(0, (await cluster.RunAsync($"snapshot show {ids[^1]}")).ExitCode);
        Assert.Equal(3, (await cluster.RunAsync($"snapshot show {ids[^2]}")).ExitCode);
    }

    [Fact]
    public async Task A_finding_ends_the_watch()
    {
        await cluster.Grains.GetGrain<IWarehouse>("unlucky").ReceiveAsync(13);
        var result = await cluster.RunAsync("snapshot check --every 0.05 --for 30 -o json --application stock");
        Assert.Equal((6, "propertyViolated"), (result.ExitCode, result.ErrorCode));
        var found = result.Json.GetProperty("checks")[1];
        Assert.Equal(("unlucky", true), (found.GetProperty("name").GetString(), found.GetProperty("finding").GetBoolean()));
        Assert.Equal("unlucky", found.GetProperty("witness")[0].GetString());
        var id = result.Json.GetProperty("snapshot").GetString();
        Assert.Equal(6, (await cluster.RunAsync($"snapshot check {id} --application stock")).ExitCode);
        Assert.Equal(0, (await cluster.RunAsync($"snapshot check {id} --application stock --check nothing-lost")).ExitCode);
        Assert.Equal(3, (await cluster.RunAsync($"snapshot check {id} --application stock --check lost")).ExitCode);
        foreach (var wrong in new[] { "", "s-1 --every 1", "s-1 --file f", "s-1 --for 1", "--every 0" })
            Assert.Equal(2, (await cluster.RunAsync($"snapshot check {wrong}")).ExitCode);
    }

    private static IEnumerable<string?> Names(JsonElement report) =>
        report.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString());
}

/// <summary>A stable property and an alarm: once a shelf has 13 units, it is found.</summary>
internal sealed class UnluckyCheck : ISnapshotCheck<Shelf, StockMessage>
{
    public string Name => "unlucky";

    public CheckClass Class => CheckClass.Stable;

    public bool IsAlarm => true;

    public ICheckRun<Shelf, StockMessage> Begin() => new Run();

    private sealed class Run : ICheckRun<Shelf, StockMessage>
    {
        private readonly List<string> _found = [];

        public void Add(ProcessState<Shelf> process)
        {
            if (process.State.Units == 13) _found.Add(process.Id.Value);
        }

        public void Add(ChannelState<StockMessage> channel)
        {
        }

        public CheckAnswer Conclude() => new(_found.Count > 0, [.. _found]);
    }
}
