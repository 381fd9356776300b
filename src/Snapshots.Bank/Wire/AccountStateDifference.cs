using System.Buffers;
using Orleans.Serialization;
using Snapshots.Grains;

namespace Snapshots.Bank;

/// <summary>
/// Stores an account for what changed: a request adds one entry of some 24 bytes to a memory of up to 37 KB. To be
/// registered as a service of the silo.
/// </summary>
/// <param name="serializer">Orleans's serializer of the stored form.</param>
public sealed class AccountStateDifference(Serializer serializer) : IStateDifference<AccountState>
{
    /// <inheritdoc/>
    public void Write(AccountState @base, AccountState current, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(@base);
        ArgumentNullException.ThrowIfNull(current);
        var difference = new AccountDifference
        {
            Open = current.Open,
            Balance = current.Balance,
            Deposited = current.Deposited,
            Withdrawn = current.Withdrawn,
            Requests = current.Requests.DifferenceTo(@base.Requests),
        };
        serializer.Serialize(difference, output);
    }

    /// <inheritdoc/>
    public AccountState Read(AccountState @base, ReadOnlySpan<byte> difference)
    {
        ArgumentNullException.ThrowIfNull(@base);
        var read = serializer.Deserialize<AccountDifference>(difference);
        return new AccountState(
            read.Open, read.Balance, read.Deposited, read.Withdrawn, @base.Requests.Change(read.Requests));
    }
}
