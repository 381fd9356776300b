using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>
/// The bank as an application of the protocol: an account is a process, money in transit is a message.
/// </summary>
/// <remarks>
/// <code>
/// message    account                                what happens
/// ---------  -------------------------------------  -----------------------------------------------------------------
/// transfer   open, and the balance stays in bounds  credited
/// transfer   not open, or the balance would exceed  nothing but a return to the sender: the money is on its way again
/// return     any                                    credited, also beyond the limit or not open: never bounces
/// </code>
/// <para>
/// A return ignores the limit, since a return that bounced could bounce for ever. The sum is checked: above 2^63−1 it
/// throws <see cref="OverflowException"/>. No balance exceeds the money in the bank, at most 2^53−1 for each account.
/// An overflow takes the largest deposits of 1,025 accounts, all in one account.
/// </para>
/// <para>Stateless, so thread-safe.</para>
/// </remarks>
public sealed class BankApplication : IApplication<AccountState, BankMessage>
{
    /// <summary>The name of the application.</summary>
    public const string Name = "bank";

    /// <summary>The only instance that is needed.</summary>
    public static BankApplication Instance { get; } = new();

    /// <inheritdoc/>
    public AccountState CreateState(ProcessId self) => AccountState.Empty;

    /// <inheritdoc/>
    public Reaction<AccountState, BankMessage> Deliver(
        ProcessId self, AccountState state, ProcessId source, BankMessage message)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(message);
        var amount = message.Amount;
        if (message is TransferMessage && !(state.Open && Account.HasRoom(state.Balance, amount.Value)))
            return new(state, [new(source, new ReturnMessage(message.TransferId, amount))]);

        var credited = Account.Credit(state, amount);
        return new(message is ReturnMessage ? credited.Remembering(message.TransferId) : credited);
    }

    /// <summary>
    /// 64-bit FNV-1a of kind (one letter), key (ASCII, closed by a zero) and amount (eight bytes, lowest first).
    /// </summary>
    public ulong Fingerprint(BankMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Fingerprint;
    }
}
