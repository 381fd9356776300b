using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.TestingHost;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

public sealed class LostSilosTests(ITestOutputHelper output) : IDisposable
{
    private const int Accounts = 12;
    private const long Deposit = 1000;
    private const int Losses = 3;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(40);

    /// <summary>Calls of the protocol that failed as if they were wrong: a silo that is lost is no such reason.</summary>
    private readonly CallErrors _errors = new();

    /// <summary>Something was settled or stored since it was last read.</summary>
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Dispose() => _errors.Dispose();

    /// <summary>
    /// Silos are lost and replaced under load, with a snapshot twice a second. In the end each transfer that was
    /// accepted has been applied once, and none of the others; every snapshot that completed is a state that could have
    /// been; the next one completes.
    /// </summary>
    [Fact]
    public async Task No_transfer_is_lost_or_repeated_and_every_snapshot_is_consistent_while_silos_are_lost()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bank = await BankCluster.StartAsync(silos: 3, build: Build);
        bank.Storage.AfterWrite = (_, _) =>
        {
            _news.Writer.TryWrite(true);
            return Task.CompletedTask;
        };
        await bank.OpenAsync(Accounts, Deposit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var load = new TransferLoad(bank, Accounts, Deposit, seed) { OnSettled = () => _news.Writer.TryWrite(true) };
        var paying = load.RunAsync(stop.Token);
        var begun = BeginSnapshotsAsync(bank, stop.Token);
        await PaidAsync(load, 20);
        for (var loss = 0; loss < Losses; loss++)
        {
            var silos = bank.Cluster.Silos;
            await bank.LoseAsync(silos[random.Next(silos.Count)]);
            var since = TimeProvider.System.GetTimestamp();
            await PaidAsync(load, 1);
            output.WriteLine(
                $"all accounts pay again after {TimeProvider.System.GetElapsedTime(since).TotalSeconds:0.0} s");
            await bank.Cluster.StartAdditionalSiloAsync();
            await PaidAsync(load, 10);
        }

        await stop.CancelAsync();
        await paying;
        output.WriteLine(
            $"{load.History.Count} transfers, {load.History.Count(entry => entry.Accepted)} accepted, {load.Unknown} "
                + "answers did not come");
        Assert.True(load.Unknown > 0, "no call was under way when a silo was lost");
        await UntilAsync(async () => (await BalancesAsync(bank)).SequenceEqual(load.ExpectedBalances()), async () =>
            $"balances are {string.Join(' ', await BalancesAsync(bank))}, expected "
                + $"{string.Join(' ', load.ExpectedBalances())}");
        await load.RepeatAsync(perAccount: 3);
        await ProveAllAsync(bank, await begun);

        var state = await bank.ReadAsync(await bank.TakeAsync("last"));
        await bank.ProveAsync((await bank.Snapshots.GetAsync(new("last")))!);
        Assert.Equal(
            load.ExpectedBalances(), Enumerable.Range(0, Accounts).Select(index => BalanceOf(state, $"P{index}")));
        var accepted = load.History.Where(entry => entry.Accepted).CountBy(entry => ($"P{entry.From}", $"P{entry.To}"));
        var sent = state.Channels.Where(channel => channel.Sent.Value > 0)
            .Select(
                channel => KeyValuePair
                    .Create((channel.Channel.Source.Value, channel.Channel.Target.Value), (int)channel.Sent.Value));
        Assert.Equal(accepted.Order(Comparer), sent.Order(Comparer));
        Assert.Empty(_errors.Lines);
    }

    private static Comparer<KeyValuePair<(string, string), int>> Comparer { get; } =
        Comparer<KeyValuePair<(string, string), int>>.Create((left, right) => left.Key.CompareTo(right.Key));

    private void Build(InProcessTestClusterBuilder builder)
    {
        builder.ConfigureSilo((_, silo) => silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
            options.NumMissedProbesLimit = 2;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(2);
        }));
        builder.ConfigureSiloHost((_, host) => host.Logging.AddProvider(_errors).AddFilter<CallErrors>("Snapshots.Grains.CallFailures", LogLevel.Error));
        builder.ConfigureClient(
            client => client
                .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(8)));
    }

    /// <summary>Waits until each account has settled that many transfers more.</summary>
    private async Task PaidAsync(TransferLoad load, int count)
    {
        var before = load.Settled;
        await UntilAsync(
            () => Task.FromResult(load.Settled.Zip(before).All(pair => pair.First - pair.Second >= count)),
            () => Task.FromResult("accounts are not served: "
                + string.Join(' ', load.Settled.Zip(before).Select(pair => pair.First - pair.Second))));
    }

    /// <summary>Begins a snapshot twice a second; answers which it began.</summary>
    private static async Task<List<SnapshotId>> BeginSnapshotsAsync(BankCluster bank, CancellationToken stop)
    {
        var begun = new List<SnapshotId>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (!stop.IsCancellationRequested)
        {
            var id = new SnapshotId($"s-{begun.Count}");
            try
            {
                await bank.Snapshots.BeginAsync(new(id, default, TimeSpan.FromSeconds(30)));
                begun.Add(id);
                await timer.WaitForNextTickAsync(stop);
            }
            catch (TooManySnapshotsException)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
            catch (Exception exception)
                when (exception is OrleansException or TimeoutException or OperationCanceledException or InvalidOperationException)
            {
                // The index was lost with its silo, or ends: the same snapshot is asked for again.
            }
        }

        return begun;
    }

    private async Task ProveAllAsync(BankCluster bank, List<SnapshotId> begun)
    {
        var completed = 0;
        foreach (var id in begun)
        {
            using var timeout = new CancellationTokenSource(MaxWait);
            var view = await bank.Snapshots.WaitAsync(id, progress: null, timeout.Token);
            if (view.Summary.Status != SnapshotStatus.Completed)
            {
                output.WriteLine($"{id}: {view.Summary.Reason}");
                Assert.StartsWith("timed out after 30 s, waiting for ", view.Summary.Reason, StringComparison.Ordinal);
                continue;
            }

            completed++;
            var certificate = await bank.ProveAsync(view);
            Assert.Equal((Accounts, Accounts * Deposit), (certificate.ProcessCount, (long)certificate.Money!.Deposited));
        }

        output.WriteLine($"{completed} of {begun.Count} snapshots completed");
        Assert.True(completed > begun.Count / 2, $"only {completed} of {begun.Count} snapshots completed");
    }

    private static long BalanceOf(GlobalState<AccountState, BankMessage> state, string id) =>
        state.Processes.Single(process => process.Id.Value == id).State.Balance;

    private static async Task<long[]> BalancesAsync(BankCluster bank) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, Accounts).Select(index => bank.Account($"P{index}").GetAsync())))
            .Select(view => view.Balance)];

    /// <summary>Looks again whenever something was settled or stored.</summary>
    private async Task UntilAsync(Func<Task<bool>> condition, Func<Task<string>> otherwise)
    {
        using var timeout = new CancellationTokenSource(MaxWait);
        while (!await condition())
        {
            try
            {
                await _news.Reader.ReadAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail(await otherwise());
            }
        }
    }

    private sealed class CallErrors : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => categoryName == "Snapshots.Grains.CallFailures" ? this : NullLogger.Instance;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Lines.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }
}
