using Orleans.Configuration;
using Snapshots.Bank.Grains;
using Snapshots.Grains;

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
