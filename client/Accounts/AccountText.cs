using System.Globalization;
using System.Text.Json;
using Snapshots.Bank;

namespace Snapshots.Client;

/// <summary>How an account is shown.</summary>
internal static class AccountText
{
    public static void Write(Utf8JsonWriter writer, AccountView account)
    {
        writer.WriteString("id", account.Id.Value);
        writer.WriteNumber("balance", account.Balance);
        writer.WriteNumber("deposited", account.Deposited);
        writer.WriteNumber("withdrawn", account.Withdrawn);
        writer.WriteBoolean("open", account.Open);
    }

    public static void Show(Page page, params IEnumerable<AccountView> accounts) => page.Table(
        ["account", "#balance", "#deposited", "#withdrawn", "open"],
        accounts.Select(account => (IReadOnlyList<string>)
        [
            account.Id.Value, Number(account.Balance), Number(account.Deposited), Number(account.Withdrawn), account.Open ? "yes" : "no",
        ]));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
