using Orleans.Serialization;
using Snapshots.Grains;
using Snapshots.Storage;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// Where a silo of the bank keeps everything: grain state, and who the members of the cluster are. It is opened before the silo
/// starts, so that what cannot be used is told at once, and closed by its owner after the silo has stopped.
/// </summary>
public abstract class BankStorage : IAsyncDisposable
{
    private protected BankStorage()
    {
    }

    /// <summary>What it is, in one word.</summary>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>
    /// Adds membership, the grain storage <see cref="BankSiloExtensions.StorageName"/>, and the health of both as
    /// <see cref="Storage.IStorageHealth"/>.
    /// </summary>
    internal abstract void AddTo(ISiloBuilder silo, BankSiloOptions options);
}

/// <summary>Everything in a data directory, which one silo holds; the cluster is that silo.</summary>
public sealed class SqliteBankStorage : BankStorage
{
    private readonly DataDirectory _data;

    private SqliteBankStorage(DataDirectory data) => _data = data;

    /// <inheritdoc/>
    public override string Name => "sqlite";

    /// <summary>Opens a data directory; makes it if it is not there.</summary>
    /// <exception cref="DataDirectoryException">The directory cannot be used; one line says why.</exception>
    public static SqliteBankStorage Open(string directory) => new(DataDirectory.Open(directory));

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _data.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    internal override void AddTo(ISiloBuilder silo, BankSiloOptions options)
    {
        // The one silo keeps the membership itself. It is found at its own address, which need not be the loopback one.
        silo.UseLocalhostClustering(
            options.SiloPort,
            options.GatewayPort,
            primarySiloEndpoint: new(options.Address, options.SiloPort),
            options.ServiceId,
            options.ClusterId);
        silo.AddSqliteGrainStorage(BankSiloExtensions.StorageName, storage => storage.Configure<Serializer>((sqlite, serializer) =>
        {
            sqlite.OpenDirectory = _data;
            sqlite.GrainStorageSerializer = new StoredRowSerializer(new OrleansStateSerializer(serializer));
        }));
    }
}
