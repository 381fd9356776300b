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
