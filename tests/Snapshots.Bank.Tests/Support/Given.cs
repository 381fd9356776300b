using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Tests;

/// <summary>Short names for what many tests start from.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    public static readonly ProcessId Alice = new("alice");
    public static readonly ProcessId Bob = new("bob");

    public static AccountState Open(long balance, long? deposited = null, long withdrawn = 0) =>
        new(open: true, balance, deposited ?? Math.Min(balance, BankLimits.MaxAmount), withdrawn);

    public static RequestKey Key(string text) => new(text);

    /// <summary>A timed key so many milliseconds after the start.</summary>
    public static RequestKey Timed(int afterMs, ulong random = 0) =>
        RequestKeys.Create(Start.AddMilliseconds(afterMs), random);

    public static Amount Amount(long value) => new(value);

    public static Execution Execute(AccountState state, Request request) => Account.Execute(Alice, state, request);
}
