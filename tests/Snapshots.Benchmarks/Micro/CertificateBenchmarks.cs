using BenchmarkDotNet.Attributes;
using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Benchmarks;

/// <summary>The global state of a complete graph: put together out of its reports, and checked.</summary>
public class CertificateBenchmarks
{
    private static readonly SnapshotNumber Snapshot = new(1);
    private ProcessId[] _members = [];
    private Report[] _reports = [];
    private GlobalState<AccountState, BankMessage> _state = new([], []);

    /// <summary>Processes, each with a channel to every other.</summary>
    [Params(30, 100)]
    public int Processes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _members = [.. Enumerable.Range(0, Processes).Select(CoreProcesses.Name).Order()];
        _reports = [.. _members.Select(Report)];
        _state = Assemble();
    }

    [Benchmark]
    public object Check() => Certificate.Check(_state);

    [Benchmark]
    public GlobalState<AccountState, BankMessage> Assemble()
    {
        var assembly = new GlobalStateAssembly<AccountState, BankMessage>(_members);
        foreach (var report in _reports) assembly.Add(report);
        return assembly.Assemble().State;
    }

    [Benchmark]
    public object Collect()
    {
        var ledger = new PartLedger<AccountState, BankMessage>(
            Snapshot, new Epoch(1), new Partition(1), part: 0, life: 1, _members);
        foreach (var report in _reports) ledger.Accept(report);
        return CollectionRuling.Of([ledger.GetStanding()]);
    }

    private Report Report(ProcessId process)
    {
        var counts = _members.Where(member => member != process).Select(
            member => new ChannelCount(member, new MessageCount(1)));
        return new LocalReport<AccountState>(
            Snapshot, new Epoch(1), process, CoreProcesses.Rich, [.. counts], [.. counts]);
    }
}
