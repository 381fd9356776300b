using BenchmarkDotNet.Attributes;
using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Benchmarks;

/// <summary>
/// One cut at an account with many channels: copy the state, note the counts, put a marker on every channel.
/// </summary>
public class RecordingBenchmarks
{
    private Process<AccountState, BankMessage> _hub = CoreProcesses.CreateHub(1);

    /// <summary>Channels in each direction.</summary>
    [Params(10, 1000)]
    public int Channels { get; set; }

    [IterationSetup]
    public void SetUp() => _hub = CoreProcesses.CreateHub(Channels);

    [Benchmark]
    public object Record()
    {
        _hub.Initiate(new SnapshotNumber(1), default);
        return _hub.TakeEffects();
    }
}
