using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Snapshots.Grains;
using Snapshots.Protocol;
using Snapshots.Storage;
using Stock;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
builder.UseOrleans(silo => silo
    .UseLocalhostClustering()
    .AddSqliteGrainStorage("snapshots", storage => storage.Directory = "stock-data")
    .AddSnapshots()
    .AddCheck<NothingLost>());
builder.Services.AddSnapshotClient(StockApplication.Name);
using var host = builder.Build();
await host.StartAsync();

var grains = host.Services.GetRequiredService<IGrainFactory>();
var north = grains.GetGrain<IWarehouse>("north");
await north.ReceiveAsync(10);
await north.ShipAsync("south", 4);

var snapshots = host.Services.GetRequiredService<SnapshotClient>();
var id = new SnapshotId($"stock-{DateTime.UtcNow:yyyyMMdd-HHmmss}");
var request = new SnapshotRequest(id, Initiator: default, Timeout: TimeSpan.FromSeconds(30));
var state = await snapshots.TakeAsync<Shelf, StockMessage>(request);

Console.WriteLine($"Completed, {Certificate.Check(state).Length} violations");
foreach (var process in state.Processes) Console.WriteLine($"{process.Id}: {process.State.Units}");
foreach (var channel in state.Channels)
{
    var waiting = string.Join(' ', channel.Messages.Select(message => message.Message));
    Console.WriteLine($"{channel.Channel}: {channel.Sent} sent, {channel.Delivered} delivered, in transit: {waiting}");
}

// With --serve the silo goes on, for the console.
if (args.Contains("--serve")) await host.WaitForShutdownAsync();
else await host.StopAsync();
