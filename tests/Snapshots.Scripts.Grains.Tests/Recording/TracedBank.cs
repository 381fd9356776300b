using Snapshots.Bank;
using Snapshots.Protocol;
using Snapshots.Simulator;

namespace Snapshots.Scripts.Grains.Tests.Recording;

/// <summary>The bank as the invariants see it.</summary>
internal sealed class TracedBank : ITracedApplication<AccountState, BankMessage>
{
    public AccountState CreateState(ProcessId self) => BankApplication.Instance.CreateState(self);

    public Reaction<AccountState, BankMessage> Deliver(
        ProcessId self, AccountState state, ProcessId source, BankMessage message) =>
        BankApplication.Instance.Deliver(self, state, source, message);

    public ulong Fingerprint(BankMessage message) => BankApplication.Instance.Fingerprint(message);

    public ulong FingerprintOf(AccountState state) => unchecked((ulong)state.Balance);

    public long WorthOf(AccountState state) => state.Balance - state.Deposited + state.Withdrawn;

    public long WorthOf(BankMessage message) => message.Amount.Value;

    /// <summary>Kind, key and amount; in these runs keys are unique.</summary>
    public long IdentityOf(BankMessage message) => unchecked((long)Fingerprint(message));

    /// <summary>
    /// Real records go through a real storage, which the invariant compares besides; so nothing is added here.
    /// </summary>
    public ProcessRecord<AccountState, BankMessage> Copy(ProcessRecord<AccountState, BankMessage> record) => record;
}
