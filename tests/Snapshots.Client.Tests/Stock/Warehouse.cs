using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Client.Tests;

/// <summary>An application of whose types the program knows nothing; the silo of these tests hosts it.</summary>
[SnapshotProcess(StockApplication.Name)]
internal sealed class Warehouse(ProcessServices services)
    : ProcessGrain<Shelf, StockMessage>(services, new StockApplication()), IWarehouse
{
    public Task ReceiveAsync(long units) => StepAsync(shelf =>
        new Step<Shelf, StockMessage, bool>(true, new(new Shelf(shelf.Units + units))));

    public Task<bool> ShipAsync(string to, long units) => StepAsync(shelf => shelf.Units < units
        ? new Step<Shelf, StockMessage, bool>(false, null)
        : new(true, new(new Shelf(shelf.Units - units), [new(new ProcessId(to), new Shipment(units))])));
}

[Alias("snapshots.tests.IWarehouse")]
internal interface IWarehouse : IGrainWithStringKey
{
    [Alias("receive")]
    Task ReceiveAsync(long units);

    [Alias("ship")]
    Task<bool> ShipAsync(string to, long units);
}

[GenerateSerializer]
[Immutable]
[Alias("snapshots.tests.shelf")]
internal sealed record Shelf([property: Id(0)] long Units);

[GenerateSerializer]
[Immutable]
[Alias("snapshots.tests.stock-message")]
internal abstract record StockMessage;

[GenerateSerializer]
[Immutable]
[Alias("snapshots.tests.shipment")]
internal sealed record Shipment([property: Id(0)] long Units) : StockMessage;

internal sealed class StockApplication : IApplication<Shelf, StockMessage>
{
    public const string Name = "stock";

    public Shelf CreateState(ProcessId self) => new(0);

    public Reaction<Shelf, StockMessage> Deliver(ProcessId self, Shelf state, ProcessId source, StockMessage message) =>
        message is Shipment shipment ? new(new Shelf(state.Units + shipment.Units)) : new(state);

    public ulong Fingerprint(StockMessage message) => message is Shipment shipment ? (ulong)shipment.Units : 0;
}
