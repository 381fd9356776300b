namespace Snapshots.Client;

/// <summary>Reads accounts naively: each on its own, at its own moment.</summary>
internal static class AccountReader
{
    /// <summary>The most reads in flight.</summary>
    private const int Concurrency = 64;

    /// <summary>Reads every account that the bank knows, in ordinal order.</summary>
    public static async Task<IReadOnlyList<AccountView>> ReadAllAsync(
        BankConnection bank, CancellationToken interrupted)
    {
        var ids = await bank.CallAsync(_ => bank.Snapshots.ListProcessesAsync(), interrupted);
        return await ReadAsync(bank, ids, interrupted);
    }

    /// <summary>Reads the accounts, in the given order.</summary>
    public static async Task<IReadOnlyList<AccountView>> ReadAsync(
        BankConnection bank, IReadOnlyList<ProcessId> ids, CancellationToken interrupted)
    {
        var accounts = new AccountView[ids.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = interrupted };
        await Parallel.ForAsync(0, ids.Count, options, async (index, token) =>
            accounts[index] = await bank.CallAsync(_ => bank.Account(ids[index]).GetAsync(), token));
        return accounts;
    }

    /// <summary>Reads one account.</summary>
    /// <exception cref="ClientException">It is not open.</exception>
    public static async Task<AccountView> ReadOpenAsync(
        BankConnection bank, ProcessId id, CancellationToken interrupted)
    {
        var account = await bank.CallAsync(_ => bank.Account(id).GetAsync(), interrupted);
        return account.Open ? account : throw new ClientException(ErrorCode.NotFound, $"the account {id} is not open");
    }
}
