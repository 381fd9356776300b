using Orleans.Serialization;
using Snapshots.Grains;
using Snapshots.Storage;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// The storage of a silo of the bank: grain state and the membership of the cluster. Its owner opens it before the silo
/// starts, so that an unusable one is reported at once, and closes it after the silo has stopped.
/// </summary>
public abstract class BankStorage : IAsyncDisposable
{
    private protected BankStorage()
    {
    }

    /// <summary>The kind of storage, in one word.</summary>
    public abstract string Name { get; }

    /// <summary>What of it may lose acknowledged writes, a line each, for the operator.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>
    /// Adds membership, the grain storage <see cref="BankSiloExtensions.StorageName"/>, and the health of both as
    /// <see cref="Storage.IStorageHealth"/>.
    /// </summary>
    internal abstract void AddTo(ISiloBuilder silo, BankSiloOptions options);
}

/// <summary>Stores everything in a data directory, which one silo locks; the cluster is that silo.</summary>
public sealed class SqliteBankStorage : BankStorage
{
    private readonly DataDirectory _data;

    private SqliteBankStorage(DataDirectory data) => _data = data;

    /// <inheritdoc/>
    public override string Name => "sqlite";

    /// <summary>Opens a data directory; creates it if it does not exist.</summary>
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
        // The one silo holds the membership itself, at its own address, which need not be the loopback address.
        silo.UseLocalhostClustering(
            options.SiloPort,
            options.GatewayPort,
            primarySiloEndpoint: new(options.Address, options.SiloPort),
            options.ServiceId,
            options.ClusterId);
        silo.AddSqliteGrainStorage(
            BankSiloExtensions.StorageName,
            storage => storage.Configure<Serializer>((sqlite, serializer) =>
            {
                sqlite.OpenDirectory = _data;
                sqlite.GrainStorageSerializer = new StoredRowSerializer(new OrleansStateSerializer(serializer));
            }));
    }
}
