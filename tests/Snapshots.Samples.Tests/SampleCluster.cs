using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;
using Snapshots.Bank.Grains.Tests;

namespace Snapshots.Samples.Tests;

/// <summary>Both samples in a test cluster of two silos.</summary>
public sealed class SampleCluster : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    public IGrainFactory Grains => _cluster!.Client;

    public async ValueTask InitializeAsync()
    {
        var storage = new SharedStorage();
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                "snapshots", (services, _) => storage.For(services.GetRequiredService<Serializer>()));
            silo.AddSamples().AddSnapshots();
        });
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Warning));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public SnapshotClient Snapshots(string application) =>
        new(Grains, application, _cluster!.Client.ServiceProvider.GetRequiredService<Serializer>());

    public ILocksGrain Worker(string id) => Grains.GetGrain<ILocksGrain>(id);

    public IObjectGrain ObjectOf(string id) => Grains.GetGrain<IObjectGrain>(id);

    /// <summary>Looks until a condition holds; fails after half a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition()) await Task.Delay(2, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }
}
