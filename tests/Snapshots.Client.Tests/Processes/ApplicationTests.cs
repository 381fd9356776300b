using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Snapshots.Grains;
using Snapshots.Protocol;

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
        Assert.Equal(0, (units + inTransit) % 10);

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

    [Fact]
    public async Task What_does_not_fit_is_refused_in_one_line()
    {
        var unknown = await cluster.RunAsync("snapshot take --application nosuch -o json");
        Assert.Equal((3, "notFound"), (unknown.ExitCode, unknown.ErrorCode));
        Assert.Contains("it hosts bank, stock", unknown.Output, StringComparison.Ordinal);
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
