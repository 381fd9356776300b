using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Snapshots.Bank.Hosting;
using Snapshots.Grains;

namespace Snapshots.Benchmarks;

/// <summary>
/// A silo of the bank on a data directory of its own, with the storage that silo and client have (SQLite, a wait for
/// the disk per group), and a caller. The directory goes when it is disposed of.
/// </summary>
internal sealed class BenchmarkSilo : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;
    private readonly EmbeddedSilo _silo;
    private readonly IHost? _client;

    private BenchmarkSilo(DirectoryInfo directory, EmbeddedSilo silo, IHost? client)
    {
        _directory = directory;
        _silo = silo;
        _client = client;
        Caller = client?.Services ?? silo.Services;
        Grains = Caller.GetRequiredService<IGrainFactory>();
    }

    /// <summary>Where all calls of the benchmarks come from.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>The services of the caller.</summary>
    public IServiceProvider Caller { get; }

    /// <summary>The services of the silo.</summary>
    public IServiceProvider Services => _silo.Services;

    /// <summary>The size of all files of the database.</summary>
    public long StoredBytes => _directory.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public static async Task<BenchmarkSilo> StartAsync(
        bool gateway, Action<ISiloBuilder>? configure = null, Action<SnapshotsOptions>? configureSnapshots = null)
    {
        var directory = Directory.CreateTempSubdirectory("snapshots-benchmark-");
        try
        {
            var silo = await EmbeddedSilo.StartAsync(
                directory.FullName, LogLevel.Critical, configure, configureSnapshots);
            return new BenchmarkSilo(directory, silo, gateway ? await ConnectAsync(silo.Services) : null);
        }
        catch
        {
            directory.Delete(recursive: true);
            throw;
        }
    }

    public Serializer<T> Serializer<T>() => Caller.GetRequiredService<Serializer<T>>();

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
        }

        await _silo.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static async Task<IHost> ConnectAsync(IServiceProvider silo)
    {
        var cluster = silo.GetRequiredService<IOptions<ClusterOptions>>().Value;
        var gateway = silo.GetRequiredService<IOptions<EndpointOptions>>().Value.GatewayListeningEndpoint;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client => client
            .UseStaticClustering(gateway!)
            .UseTransactions()
            .Configure<ClusterOptions>(options =>
                (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId)));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
