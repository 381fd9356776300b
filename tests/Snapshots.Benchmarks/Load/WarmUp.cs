namespace Snapshots.Benchmarks;

/// <summary>
/// Transfers before anything is measured: else the first scenario would measure the compiler, which goes on for many
/// seconds where there are few processors.
/// </summary>
internal static class WarmUp
{
    private const int Accounts = 64;
    private const int Concurrency = 1024;
    private const long Deposit = 1_000_000;

    public static async Task RunAsync(bool gateway, TimeSpan duration)
    {
        await using var silo = await BenchmarkSilo.StartAsync(gateway);
        var bank = await BenchmarkBank.OpenAsync(silo, "a", Accounts, Deposit);
        await Rounds.RunAsync(
            bank.Transfers(Accounts - 1), Concurrency, duration, () => bank.DrainAsync(Rounds.MaxDrain));
    }
}
