using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Snapshots.Grains;
using Snapshots.Protocol;
using Stock;

namespace Snapshots.Client.Tests;

/// <summary>The commands of snapshots with an application that the program does not know.</summary>
public sealed class ApplicationTests(BankCluster cluster) : IClassFixture<BankCluster>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        await cluster.Grains.GetGrain<IWarehouse>("north").ReceiveAsync(10);
        await cluster.Grains.GetGrain<IWarehouse>("north").ShipAsync("south", 4);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_command_works_without_a_type_of_the_application()
    {
        var taken = await RunAsync("snapshot take --id s-1 -o json");
        Assert.True(taken.ExitCode == 0, taken.ToString());
        Assert.Equal("stock", taken.Json.GetProperty("application").GetString());
        Assert.False(taken.Json.GetProperty("certificate").TryGetProperty("balance", out _));
        Assert.Equal(taken.Output, (await RunAsync("snapshot show s-1 -o json")).Output);
        Assert.Equal(taken.Output, (await RunAsync("snapshot wait s-1 -o json")).Output);
        var units = taken.Json.GetProperty("processes").EnumerateArray()
            .Sum(process => process.GetProperty("state").GetProperty("units").GetInt64());
        var inTransit = taken.Json.GetProperty("channels").EnumerateArray()
            .SelectMany(channel => channel.GetProperty("messages").EnumerateArray())
            .Sum(message => message.GetProperty("units").GetInt64());
        var received = taken.Json.GetProperty("processes").EnumerateArray()
            .Sum(process => process.GetProperty("state").GetProperty("received").GetInt64());
        Assert.Equal(received, units + inTransit);

        Assert.Equal("s-1", (await RunAsync("snapshot list -o json")).Json[0].GetProperty("id").GetString());
        Assert.Equal(0, (await RunAsync("snapshot verify s-1")).ExitCode);
        Assert.Equal(0, (await RunAsync($"snapshot export s-1 --file {_folder["s-1.json"]}")).ExitCode);
        Assert.Equal(0, (await InProcess.RunAsync("snapshot", "verify", "--file", _folder["s-1.json"])).ExitCode);
        var table = await RunAsync("snapshot show s-1");
        Assert.Contains("consistent", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("money", table.Output, StringComparison.Ordinal);

        var changed = JsonNode.Parse(
            await File.ReadAllTextAsync(_folder["s-1.json"], TestContext.Current.CancellationToken))!;
        changed["processes"]![0]!["state"]!["units"] = 77;
        await File.WriteAllTextAsync(
            _folder["s-1.json"], changed.ToJsonString(), TestContext.Current.CancellationToken);
        Assert.Equal(6, (await InProcess.RunAsync("snapshot", "verify", "--file", _folder["s-1.json"])).ExitCode);

        Assert.Equal(2, (await RunAsync("snapshot abort s-1")).ExitCode);
        Assert.Equal(0, (await RunAsync("snapshot delete s-1")).ExitCode);
        Assert.Equal(3, (await RunAsync("snapshot show s-1")).ExitCode);
    }

    /// <summary>The document shows the files that are compiled, word for word.</summary>
    [Theory]
    [InlineData("Stock.cs")]
    [InlineData("Program.cs")]
    public async Task The_program_of_the_document_is_the_sample(string file)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "samples");
        var document = await File.ReadAllTextAsync(
            Path.Combine(folder, "library.md"), TestContext.Current.CancellationToken);
        var code = await File.ReadAllTextAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken);
        Assert.Contains($"```csharp\n{code}```\n", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_snapshot_is_asked_compared_and_checked()
    {
        Assert.Equal(0, (await RunAsync("snapshot take --id q-1")).ExitCode);
        await cluster.Grains.GetGrain<IWarehouse>("north").ReceiveAsync(5);
        Assert.Equal(0, (await RunAsync("snapshot take --id q-2")).ExitCode);

        string[] query = ["snapshot", "query", "q-2", "-o", "csv", "--application", "stock", "--gateway", cluster.Gateway];
        var units = await InProcess.RunAsync(
            [.. query, "select sum(p.received) - sum(p.units) - (select coalesce(sum(content ->> 'units'), 0) from messages) as missing from processes p"]);
        Assert.Equal("missing\n0\n", units.Output);
        var grown = await InProcess.RunAsync(
            [.. query, "--against", "q-1", "select id from processes p join other.processes q using (id) where p.received > q.received"]);
        Assert.Equal("id\nnorth\n", grown.Output);

        var difference = (await RunAsync("snapshot diff q-1 q-2 -o json")).Json;
        var received = Assert.Single(
            difference.GetProperty("changed").EnumerateArray(),
            change => change.GetProperty("field").GetString() == "received");
        Assert.Equal(5, received.GetProperty("to").GetInt64() - received.GetProperty("from").GetInt64());

        var check = await RunAsync("snapshot check q-2 --check nothing-lost -o json");
        Assert.True(check.ExitCode == 0, check.ToString());
        var result = Assert.Single(check.Json.GetProperty("checks").EnumerateArray());
        Assert.Equal(
            ("nothing-lost", "invariant", true, false),
            (result.GetProperty("name").GetString(), result.GetProperty("class").GetString(),
                result.GetProperty("holds").GetBoolean(), result.GetProperty("finding").GetBoolean()));
        Assert.Equal(0, (await RunAsync($"snapshot export q-2 --file {_folder["q-2.json"]}")).ExitCode);
        Assert.Equal(2, (await InProcess.RunAsync("snapshot", "check", "--file", _folder["q-2.json"])).ExitCode);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_in_one_line()
    {
        var unknown = await cluster.RunAsync("snapshot take --application nosuch -o json");
        Assert.Equal((3, "notFound"), (unknown.ExitCode, unknown.ErrorCode));
        Assert.Contains(", stock", unknown.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("account list")).ExitCode);
        Assert.Equal(2, (await cluster.RunAsync("snapshot list --application a/b")).ExitCode);
        Assert.Equal(3, (await RunAsync("snapshot take --initiator nobody")).ExitCode);
        Assert.Equal(0, (await RunAsync("snapshot take --initiator south")).ExitCode);
    }

    [Fact]
    public async Task A_library_user_begins_waits_and_reads_in_one_call()
    {
        using var services = new ServiceCollection()
            .AddSingleton(cluster.Grains)
            .AddSingleton(cluster.Serializer)
            .AddSnapshotClient("stock")
            .BuildServiceProvider();
        var state = await services.GetRequiredService<SnapshotClient>().TakeAsync<Shelf, StockMessage>(
            new SnapshotRequest(new SnapshotId("typed"), Initiator: default, TimeSpan.FromSeconds(30)),
            TestContext.Current.CancellationToken);
        Assert.Contains(state.Processes, process => process.Id.Value == "north" && process.State.Units >= 6);
    }

    private Task<ProgramResult> RunAsync(string commandLine) => cluster.RunAsync($"{commandLine} --application stock");
}
