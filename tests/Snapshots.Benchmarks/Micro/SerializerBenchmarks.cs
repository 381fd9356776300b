using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Benchmarks;

/// <summary>
/// What is written of an account: its state, so many remembered requests, a message, the record of its process.
/// </summary>
public class SerializerBenchmarks
{
    private readonly TransferMessage _message = new(CoreProcesses.Key, new Amount(1));
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private Process<AccountState, BankMessage> _hub = CoreProcesses.CreateHub(1);
    private RequestMemory _memory = RequestMemory.Empty;
    private Serializer<AccountState>? _states;
    private Serializer<BankMessage>? _messages;

    /// <summary>Requests that the account remembers.</summary>
    [Params(0, 1000)]
    public int Requests { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _states = _services.GetRequiredService<Serializer<AccountState>>();
        _messages = _services.GetRequiredService<Serializer<BankMessage>>();
        _hub = CoreProcesses.CreateHub(Math.Max(Requests, 1));
        _memory = CoreProcesses.Remembering(Requests);
    }

    [GlobalCleanup]
    public void CleanUp() => _services.Dispose();

    [Benchmark]
    public byte[] SerializeState() => _states!.SerializeToArray(CoreProcesses.Rich);

    /// <summary>What a checkpoint writes of the memory, before it is bytes.</summary>
    [Benchmark]
    public RequestChanges ListRequests() => _memory.ChangesSince(RequestMemory.Empty);

    [Benchmark]
    public byte[] SerializeMessage() => _messages!.SerializeToArray(_message);

    /// <summary>With as many channels in each direction as there are requests.</summary>
    [Benchmark]
    public object ToRecord() => _hub.ToRecord();
}
