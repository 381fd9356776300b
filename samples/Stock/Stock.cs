using Snapshots.Detection;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Stock;

// The local state of one process: immutable.
[GenerateSerializer, Immutable, Alias("stock.shelf")]
public sealed record Shelf([property: Id(0)] long Units, [property: Id(1)] long Received);

// What processes send each other: immutable, one base type with a case for each kind of message.
[GenerateSerializer, Immutable, Alias("stock.message")]
public abstract record StockMessage;

[GenerateSerializer, Immutable, Alias("stock.shipment")]
public sealed record Shipment([property: Id(0)] long Units) : StockMessage;

// The handler: pure, and it never throws.
public sealed class StockApplication : IApplication<Shelf, StockMessage>
{
    public const string Name = "stock";

    public Shelf CreateState(ProcessId self) => new(0, 0);

    public Reaction<Shelf, StockMessage> Deliver(ProcessId self, Shelf state, ProcessId source, StockMessage message) =>
        message is Shipment shipment ? new(state with { Units = state.Units + shipment.Units }) : new(state);

    public ulong Fingerprint(StockMessage message) => message is Shipment shipment ? (ulong)shipment.Units : 0;
}

[Alias("stock.IWarehouse")]
public interface IWarehouse : IGrainWithStringKey
{
    [Alias("receive")]
    Task ReceiveAsync(long units);

    [Alias("ship")]
    Task<bool> ShipAsync(string to, long units);
}

// The grain: each method is one step. A step decides on an answer and a reaction; null means that nothing changes.
[SnapshotProcess(StockApplication.Name)]
public sealed class Warehouse(ProcessServices services)
    : ProcessGrain<Shelf, StockMessage>(services, new StockApplication()), IWarehouse
{
    public Task ReceiveAsync(long units) => StepAsync(shelf =>
        new Step<Shelf, StockMessage, bool>(true, new(new Shelf(shelf.Units + units, shelf.Received + units))));

    public Task<bool> ShipAsync(string to, long units) => StepAsync(shelf => shelf.Units < units
        ? new Step<Shelf, StockMessage, bool>(false, null)
        : new(true, new(shelf with { Units = shelf.Units - units }, [new(new ProcessId(to), new Shipment(units))])));
}

// A check: an invariant over the whole service. It reads a snapshot piece by piece.
public sealed class NothingLost : ISnapshotCheck<Shelf, StockMessage>
{
    public string Name => "nothing-lost";

    public CheckClass Class => CheckClass.Invariant;

    public bool IsAlarm => true;

    public ICheckRun<Shelf, StockMessage> Begin() => new Run();

    private sealed class Run : ICheckRun<Shelf, StockMessage>
    {
        private long _missing;

        public void Add(ProcessState<Shelf> process) => _missing += process.State.Received - process.State.Units;

        public void Add(ChannelState<StockMessage> channel) =>
            _missing -= channel.Messages.Sum(each => each.Message is Shipment shipment ? shipment.Units : 0);

        public CheckAnswer Conclude() => new(_missing == 0, _missing == 0 ? [] : [$"{_missing} units are missing"]);
    }
}
