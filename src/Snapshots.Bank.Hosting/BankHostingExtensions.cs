using System.Net;
using Microsoft.Extensions.Hosting;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Snapshots.Grains;
using StackExchange.Redis;

namespace Snapshots.Bank.Hosting;

/// <summary>The one composition of the bank's silo, shared by the host and the client's embedded silo.</summary>
public static class BankSiloExtensions
{
    /// <summary>The name of the grain storage that keeps everything.</summary>
    public const string StorageName = "snapshots";

    /// <summary>Makes the silo one of the bank.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Where it listens.</param>
    /// <param name="storage">Where it keeps everything; it stays the caller's to close, after the silo has stopped.</param>
    /// <param name="configure">Changes to the snapshot options, if any.</param>
    public static ISiloBuilder AddBank(
        this ISiloBuilder silo, BankSiloOptions options, BankStorage storage, Action<SnapshotsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(storage);
        storage.AddTo(silo, options);
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = options.Address;
            endpoints.SiloPort = options.SiloPort;
            endpoints.GatewayPort = options.GatewayPort;
            endpoints.SiloListeningEndpoint = new(options.Address, options.SiloPort);
            endpoints.GatewayListeningEndpoint = new(options.Address, options.GatewayPort);
        });
        return silo.AddBankGrains(snapshots =>
        {
            snapshots.StorageName = StorageName;
            configure?.Invoke(snapshots);
        });
    }
}

/// <summary>How clients find a cluster of the bank that has its membership in a Redis.</summary>
public static class BankClientExtensions
{
    /// <summary>Finds the silos in a Redis. Starting the client fails with a <see cref="RedisException"/> if it cannot be reached.</summary>
    public static IClientBuilder UseBankIn(this IClientBuilder client, RedisAddress address)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(address);
        return client.UseRedisClustering((RedisClusteringOptions redis) =>
        {
            redis.ConfigurationOptions = address.Options();
            redis.CreateMultiplexer = async _ => (Multiplexer: (IConnectionMultiplexer)await address.ConnectAsync(), IsShared: false);
        });
    }
}

/// <summary>Where a silo of the bank listens and what it calls itself.</summary>
public sealed record BankSiloOptions
{
    /// <summary>The cluster that the silo belongs to.</summary>
    public string ClusterId { get; init; } = "snapshots";

    /// <summary>The service that outlives clusters: stored state belongs to it.</summary>
    public string ServiceId { get; init; } = "bank";

    /// <summary>Where silo and gateway listen and are announced.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port of the silo among silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port for clients.</summary>
    public int GatewayPort { get; init; } = 30000;
}
