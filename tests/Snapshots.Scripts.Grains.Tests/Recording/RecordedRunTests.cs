using Snapshots.Bank;
using Snapshots.Protocol;
using Snapshots.Simulator;

namespace Snapshots.Scripts.Grains.Tests.Recording;

/// <summary>The invariants of the simulator, held against runs of real grains in a cluster.</summary>
public sealed class RecordedRunTests
{
    private const int Workers = 8;

    private readonly RunRecorder<AccountState, BankMessage> _recorder = new(new TracedBank());

    [Fact]
    public async Task A_run_under_load_with_overlapping_snapshots_keeps_every_invariant()
    {
        await using var cluster = await RecordedBank.StartAsync(silos: 2, _recorder);
        var bank = new RecordedBank(cluster, _recorder);
        var inTransit = await RunAsync(bank, rounds: 3, () => Task.CompletedTask);

        var trace = bank.ToTrace();
        Assert.Empty(RecordedBank.Judge(trace));
        Assert.True(inTransit > 0, "no snapshot saw money in transit");
        Assert.Equal(6, trace.Index.Completed.Length);
        Assert.Equal(RecordedBank.Accounts, trace.Index.Processes.Length);
        Assert.Contains(
            trace.Events, each => each is RecordPersisted<AccountState, BankMessage> { Record.Recordings.Length: > 1 });
    }

    [Fact]
    public async Task A_run_across_the_kill_of_a_silo_keeps_every_invariant()
    {
        await using var cluster = await RecordedBank.StartAsync(silos: 3, _recorder);
        var bank = new RecordedBank(cluster, _recorder);
        var restores = bank.Recorder.Restores;
        await RunAsync(bank, rounds: 4, () => bank.Cluster.LoseAsync(bank.Cluster.SiloOf("P0")));

        var trace = bank.ToTrace();
        Assert.Empty(RecordedBank.Judge(trace));
        Assert.True(bank.Recorder.Restores > restores, "no process was activated again");
        Assert.Equal(8, trace.Index.Completed.Length);
    }

    [Fact]
    public async Task A_tampered_run_is_noticed()
    {
        await using var cluster = await RecordedBank.StartAsync(silos: 1, _recorder);
        var bank = new RecordedBank(cluster, _recorder);
        await RunAsync(bank, rounds: 1, () => Task.CompletedTask);
        Assert.Empty(RecordedBank.Judge(bank.ToTrace()));

        Assert.Contains("conservation", BreachesWith(bank, static each =>
            each is SnapshotCompleted<AccountState, BankMessage> { Snapshot.Value: 1 } completed
            ? completed with
            {
                State = completed.State with
                {
                    Processes = [.. completed.State.Processes
                .Select(Enrich)]
                }
            }
            : each));
        Assert.Contains("localState", BreachesWith(bank, static each =>
            each is CutStep<AccountState, BankMessage> { Report.Snapshot.Value: 2 } cut
            ? cut with { Report = cut.Report with { Sent = [] } }
            : each));
        Assert.Contains("fifo", BreachesWith(bank, static each =>
            each is DeliveryStep<AccountState, BankMessage> delivery
            ? delivery with { Message = new TransferMessage(new RequestKey("forged"), new Amount(7)) }
            : each));
        Assert.Contains(
            "persistedFirst",
            BreachesWith(bank, static each => each is RecordPersisted<AccountState, BankMessage> ? null : each));
        Assert.Contains(
            "oneRecord",
            BreachesWith(bank, static each => each, twice: each => each is CutStep<AccountState, BankMessage>));
    }

    /// <summary>
    /// Money moves while snapshots are taken, two at a time; in the middle of it something happens; then all comes to
    /// rest.
    /// </summary>
    private static async Task<int> RunAsync(RecordedBank bank, int rounds, Func<Task> happens)
    {
        await bank.Cluster.OpenAsync(RecordedBank.Accounts, deposit: 1000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var load = Task.WhenAll(
            Enumerable.Range(0, Workers).Select(worker => bank.MoveAsync(worker, atMost: 500, stop.Token)));
        var inTransit = 0;
        for (var round = 0; round < rounds; round++)
        {
            var snapshots = bank.TakeTwoAsync($"round-{round}");
            if (round == rounds / 2) await happens();
            inTransit += await snapshots;
        }

        await stop.CancelAsync();
        Assert.True((await load).Sum() > 0, "no money moved");
        await bank.RestAsync();
        var steps = bank.ToTrace().Events.OfType<ProcessStep<AccountState, BankMessage>>().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{steps.Count} steps, {steps.Count(step => step.IsLost)} of them lost, {inTransit} messages in transit");
        return inTransit;
    }

    private static ProcessState<AccountState> Enrich(ProcessState<AccountState> process) => process with
    {
        State = new(
            process.State.Open,
            process.State.Balance + 1,
            process.State.Deposited,
            process.State.Withdrawn),
    };

    private static IEnumerable<string> BreachesWith(
        RecordedBank bank,
        Func<TraceEvent<AccountState, BankMessage>, TraceEvent<AccountState, BankMessage>?> tamper,
        Func<TraceEvent<AccountState, BankMessage>, bool>? twice = null)
    {
        var tampered = new Trace<AccountState, BankMessage>(new TracedBank()) { IsHealed = true };
        foreach (var each in bank.ToTrace().Events)
        {
            if (tamper(each) is not { } changed) continue;
            tampered.Add(changed);
            if (twice?.Invoke(changed) == true) tampered.Add(changed);
        }

        return RecordedBank.Judge(tampered).Select(breach => breach.Invariant);
    }
}
