using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Snapshots.Bank.Grains;
using Snapshots.Grains;
using Snapshots.Storage;

namespace Snapshots.Bank.Hosting;

/// <summary>The one composition of the bank's silo, shared by the host and the client's embedded silo.</summary>
public static class BankSiloExtensions
{
    /// <summary>The name of the grain storage that keeps everything.</summary>
    public const string StorageName = "snapshots";

    /// <summary>Makes the silo one of the bank: a single silo on this machine, all state in a data directory that is already open.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Where it listens.</param>
    /// <param name="data">The data directory; it stays the caller's to close, after the silo has stopped.</param>
    /// <param name="configure">Changes to the snapshot options, if any.</param>
    public static ISiloBuilder AddBank(
        this ISiloBuilder silo, BankSiloOptions options, DataDirectory data, Action<SnapshotsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(data);
        silo.UseLocalhostClustering(
            options.SiloPort,
            options.GatewayPort,
            primarySiloEndpoint: new(options.Address, options.SiloPort),
            options.ServiceId,
            options.ClusterId);
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = options.Address;
            endpoints.SiloListeningEndpoint = new(options.Address, options.SiloPort);
            endpoints.GatewayListeningEndpoint = new(options.Address, options.GatewayPort);
        });
        silo.AddSqliteGrainStorage(StorageName, storage => storage.OpenDirectory = data);
        return silo.AddBankGrains(snapshots =>
        {
            snapshots.StorageName = StorageName;
            configure?.Invoke(snapshots);
        });
    }
}
