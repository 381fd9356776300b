using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;
using Snapshots.Bank;
using Snapshots.Bank.Grains.Tests;
using Snapshots.Grains;
using Snapshots.Protocol;
using Snapshots.Simulator;

namespace Snapshots.Scripts.Grains.Tests.Recording;

/// <summary>A bank in a test cluster of which everything is recorded.</summary>
internal sealed class RecordedBank(BankCluster cluster, RunRecorder<AccountState, BankMessage> recorder)
{
    public const int Accounts = 12;

    private const int MaxTries = 10_000;

    private readonly Dictionary<SnapshotNumber, GlobalState<AccountState, BankMessage>> _completed = [];

    public BankCluster Cluster => cluster;

    public RunRecorder<AccountState, BankMessage> Recorder => recorder;

    /// <summary>Starts a cluster whose silos share a recorder.</summary>
    public static Task<BankCluster> StartAsync(short silos, RunRecorder<AccountState, BankMessage> recorder) =>
        BankCluster.StartAsync(silos, build: builder => Build(builder, recorder));

    /// <summary>
    /// Takes two snapshots at a time and keeps their global states. Returns how many messages they saw in transit.
    /// </summary>
    public async Task<int> TakeTwoAsync(string name)
    {
        var views = await Task.WhenAll(TakeAsync($"{name}-1", "P1"), TakeAsync($"{name}-2", "P2"));
        foreach (var view in views)
            _completed[view.Summary.Number] = await UntilAnsweredAsync(() => Cluster.ReadAsync(view));
        return views.Sum(view => view.Summary.MessagesInTransit);
    }

    /// <summary>Moves money at random until it is told to stop, or until so many transfers were answered.</summary>
    public async Task<int> MoveAsync(int seed, int atMost, CancellationToken stop)
    {
        var random = new Random(seed);
        var moved = 0;
        for (; moved < atMost && !stop.IsCancellationRequested; moved++)
        {
            var from = random.Next(Accounts);
            var to = (from + 1 + random.Next(Accounts - 1)) % Accounts;
            var key = RequestKeys.Create(DateTimeOffset.UtcNow, (ulong)random.NextInt64());
            await TransferAsync(from, to, key, new Amount(1 + random.Next(5)));
        }

        return moved;
    }

    /// <summary>Waits until every process has written that nothing is left.</summary>
    public async Task RestAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        while (!Recorder.IsAtRest)
        {
            timeout.Token.ThrowIfCancellationRequested();
            await UntilAnsweredAsync(() => Cluster.Account("P0").GetAsync());
        }
    }

    /// <summary>The trace of the run so far, with its global states.</summary>
    public Trace<AccountState, BankMessage> ToTrace()
    {
        var trace = Recorder.ToTrace(isHealed: true);
        foreach (var (number, state) in _completed)
        {
            trace.Add(new SnapshotBegun<AccountState, BankMessage>(number));
            trace.Add(new SnapshotCompleted<AccountState, BankMessage>(number, state));
        }

        return trace;
    }

    public static ImmutableArray<InvariantBreach> Judge(Trace<AccountState, BankMessage> trace) =>
        InvariantSet.FindBreaches(InvariantSet.Create<AccountState, BankMessage>(), trace);

    private async Task<SnapshotView> TakeAsync(string id, string initiator)
    {
        var view = await UntilAnsweredAsync(() => Cluster.TakeAsync(id, initiator));
        Assert.Equal(SnapshotStatus.Completed, view.Summary.Status);
        return view;
    }

    private Task<AccountAnswer> TransferAsync(int from, int to, RequestKey key, Amount amount) =>
        UntilAnsweredAsync(() => Cluster.Account($"P{from}").TransferAsync(key, new ProcessId($"P{to}"), amount));

    /// <summary>Asks again while a silo is gone, or an activation: what is asked for twice is done once.</summary>
    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> ask)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception)
                when (tries < MaxTries && exception is NotPersistedException or OrleansException or TimeoutException)
            {
                await Task.Yield();
            }
        }
    }

    private static void Build(InProcessTestClusterBuilder builder, RunRecorder<AccountState, BankMessage> recorder)
    {
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IProcessObserver<AccountState, BankMessage>>(recorder);
            silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                options.NumMissedProbesLimit = 2;
                options.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            });
        });
        builder.ConfigureClient(
            client => client
                .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(8)));
    }
}
