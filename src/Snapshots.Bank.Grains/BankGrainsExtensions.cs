using Microsoft.Extensions.DependencyInjection;
using Snapshots.Grains;

namespace Snapshots.Bank.Grains;

/// <summary>Adds the bank to a silo.</summary>
public static class BankGrainsExtensions
{
    /// <summary>
    /// Adds the account grains with the snapshot machinery. The silo needs clustering and a grain storage besides, see
    /// <see cref="SnapshotsHostingExtensions.AddSnapshots"/>.
    /// </summary>
    public static ISiloBuilder AddBankGrains(this ISiloBuilder silo, Action<SnapshotsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddSingleton<IStateDifference<AccountState>, AccountStateDifference>();
        silo.Services.AddSingleton<IMessageForm<BankMessage>, BankMessageForm>();
        return silo.AddSnapshots(configure);
    }
}
