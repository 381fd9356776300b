using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;
using Snapshots.Documents;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

/// <summary>The bank in a test cluster of several silos over one shared storage.</summary>
internal sealed class BankCluster : IAsyncDisposable
{
    private static readonly TimeSpan SnapshotTimeout = TimeSpan.FromMinutes(5);

    private BankCluster(InProcessTestCluster cluster, SharedStorage storage)
    {
        Cluster = cluster;
        Storage = storage;
        Snapshots = new SnapshotClient(cluster.Client, BankApplication.Name);
    }

    public InProcessTestCluster Cluster { get; }

    public SharedStorage Storage { get; }

    public SnapshotClient Snapshots { get; }

    public static async Task<BankCluster> StartAsync(
        short silos, Action<SnapshotsOptions>? configure = null, Action<InProcessTestClusterBuilder>? build = null)
    {
        var storage = new SharedStorage();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                "snapshots", (services, _) => storage.For(services.GetRequiredService<Serializer>()));
            silo.AddBankGrains(options => configure?.Invoke(options));
        });
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Warning));
        build?.Invoke(builder);
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new BankCluster(cluster, storage);
    }

    public IAccountGrain Account(string id) => Cluster.Client.GetGrain<IAccountGrain>(id);

    public async Task OpenAsync(int accounts, long deposit, string prefix = "P")
    {
        // All at once would make the last of ten thousand wait longer for its answer than a caller does, on a machine
        // that is busy.
        foreach (var some in Enumerable.Range(0, accounts).Chunk(500))
        {
            var answers = await Task.WhenAll(some.Select(index => Account($"{prefix}{index}").OpenAsync(deposit)));
            Assert.All(answers, answer => Assert.True(answer.IsAccepted));
        }
    }

    public async Task<SnapshotView> TakeAsync(string id, string? initiator = null)
    {
        await Snapshots.BeginAsync(new SnapshotRequest(
            new SnapshotId(id), initiator is null ? default : new ProcessId(initiator), SnapshotTimeout));
        return await Snapshots.WaitAsync(new SnapshotId(id), progress: null, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks again and again until something holds; half a minute at most.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await holds()) timeout.Token.ThrowIfCancellationRequested();
    }

    /// <summary>The silo on which an account is active.</summary>
    public InProcessSiloHandle SiloOf(string id)
    {
        Assert.True(Cluster.TryGetGrainContext(Account(id).GetGrainId(), out var context), $"{id} is not active");
        return Cluster.Silos.Single(silo => silo.SiloAddress == context.Address.SiloAddress);
    }

    /// <summary>
    /// Loses a silo: from one moment on nothing of it reaches the storage, and nothing is said to anybody.
    /// </summary>
    public async Task LoseAsync(InProcessSiloHandle silo)
    {
        SharedStorage.Cut(silo.ServiceProvider.GetRequiredKeyedService<IGrainStorage>("snapshots"));
        await Cluster.KillSiloAsync(silo);
    }

    public Task<GlobalState<AccountState, BankMessage>> ReadAsync(SnapshotView view)
    {
        var services = Cluster.Client.ServiceProvider;
        return Snapshots.ReadAsync(
            view,
            services.GetRequiredService<Serializer<AccountState>>(),
            services.GetRequiredService<Serializer<BankMessage>>());
    }

    /// <summary>
    /// Reads a completed snapshot and proves it: certificate, conservation, and the document's own verification.
    /// </summary>
    public async Task<CertificateFigures> ProveAsync(SnapshotView view)
    {
        Assert.Equal(SnapshotStatus.Completed, view.Summary.Status);
        var state = await ReadAsync(view);
        var header = new SnapshotHeader(
            view.Summary.Id, view.Summary.Epoch, view.Summary.Initiator, view.Summary.StartedAt);
        var document = SnapshotDocument.Completed(header, view.Summary.EndedAt!.Value, state, AccountFormat.Instance);
        Assert.Empty(SnapshotVerifier.Verify(document.ToUtf8(indented: false)).Violations);
        Assert.NotNull(document.Certificate);
        Assert.True(document.Certificate.Consistent);
        Assert.True(document.Certificate.Conserved);
        return document.Certificate;
    }

    /// <summary>
    /// Waits until the balances of all accounts sum to that, which they do when nothing is on its way.
    /// </summary>
    public async Task<long> BalancesAsync(int accounts, string prefix = "P")
    {
        var views = await Task.WhenAll(
            Enumerable.Range(0, accounts).Select(index => Account($"{prefix}{index}").GetAsync()));
        return views.Sum(view => view.Balance);
    }

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();
}
