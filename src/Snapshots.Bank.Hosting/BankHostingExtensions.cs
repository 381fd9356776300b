using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Hosting;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Snapshots.Grains;
using Snapshots.Samples;
using StackExchange.Redis;

namespace Snapshots.Bank.Hosting;

/// <summary>Composes the bank's silo, for the silo host and the client's embedded silo.</summary>
public static class BankSiloExtensions
{
    /// <summary>The name of the grain storage that holds all state.</summary>
    public const string StorageName = "snapshots";

    /// <summary>Adds the bank and the samples to a silo.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Where it listens.</param>
    /// <param name="storage">Its storage; the caller closes it after the silo has stopped.</param>
    /// <param name="configure">Changes the snapshot options; null for none.</param>
    public static ISiloBuilder AddBank(
        this ISiloBuilder silo,
        BankSiloOptions options,
        BankStorage storage,
        Action<SnapshotsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(storage);
        storage.AddTo(silo, options);
        if (options.Tls is { } tls) silo.UseTls(tls.Configure);
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = options.Address;
            endpoints.SiloPort = options.SiloPort;
            endpoints.GatewayPort = options.GatewayPort;
            endpoints.SiloListeningEndpoint = new(options.Address, options.SiloPort);
            endpoints.GatewayListeningEndpoint = new(options.Address, options.GatewayPort);
        });
        if (options.Applications is { } applications) HostedApplications.Restrict(silo, applications);
        return silo.AddSamples().AddBankGrains(snapshots =>
        {
            snapshots.StorageName = StorageName;
            configure?.Invoke(snapshots);
        });
    }
}

/// <summary>Connects clients to a cluster of the bank whose membership is in a Redis.</summary>
public static class BankClientExtensions
{
    /// <summary>
    /// Finds the silos in a Redis. If it cannot be reached, the start of the client throws
    /// <see cref="RedisException"/>.
    /// </summary>
    public static IClientBuilder UseBankIn(this IClientBuilder client, RedisAddress address)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(address);
        return client.UseRedisClustering((RedisClusteringOptions redis) =>
        {
            redis.ConfigurationOptions = address.Options();
            redis.CreateMultiplexer = async _ =>
                (Multiplexer: (IConnectionMultiplexer)await address.ConnectAsync(), IsShared: false);
        });
    }

    /// <summary>Uses mutual TLS to the gateways.</summary>
    public static IClientBuilder UseBankTls(this IClientBuilder client, Tls tls)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(tls);
        return client.UseTls(tls.Configure);
    }
}

/// <summary>The addresses and ids of a silo of the bank.</summary>
public sealed record BankSiloOptions
{
    /// <summary>The cluster that the silo belongs to.</summary>
    public string ClusterId { get; init; } = "snapshots";

    /// <summary>The service that outlives clusters: stored state belongs to it.</summary>
    public string ServiceId { get; init; } = "bank";

    /// <summary>The applications that the silo hosts; null for all whose grain classes are loaded.</summary>
    public ImmutableArray<string>? Applications { get; init; }

    /// <summary>Where silo and gateway listen and are announced.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port of the silo among silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port for clients.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Mutual TLS on both ports; null for none.</summary>
    public Tls? Tls { get; init; }
}
