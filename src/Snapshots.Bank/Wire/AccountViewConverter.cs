using Snapshots.Protocol;

namespace Snapshots.Bank;

/// <summary>Between <see cref="AccountView"/> and its wire form.</summary>
[RegisterConverter]
internal sealed class AccountViewConverter : IConverter<AccountView, AccountViewSurrogate>
{
    public AccountView ConvertFromSurrogate(in AccountViewSurrogate surrogate) =>
        new(new ProcessId(surrogate.Id), surrogate.Balance, surrogate.Deposited, surrogate.Withdrawn, surrogate.Open);

    public AccountViewSurrogate ConvertToSurrogate(in AccountView value) => new()
    {
        Id = value.Id.Value,
        Balance = value.Balance,
        Deposited = value.Deposited,
        Withdrawn = value.Withdrawn,
        Open = value.Open,
    };
}
