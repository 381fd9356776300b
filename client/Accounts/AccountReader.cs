using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client;

/// <summary>Reads accounts one by one: a naive read, each at its own moment.</summary>
internal static class AccountReader
{
    /// <summary>Reads under way at a time.</summary>
    private const int Concurrency = 64;

    /// <summary>Every account that the bank knows, in ordinal order.</summary>
    public static async Task<IReadOnlyList<AccountView>> ReadAllAsync(BankConnection bank, CancellationToken interrupted)
    {
        var ids = await bank.CallAsync(_ => bank.Snapshots.ListProcessesAsync(), interrupted);
        return await ReadAsync(bank, ids, interrupted);
    }

    /// <summary>Those accounts, in that order.</summary>
    public static async Task<IReadOnlyList<AccountView>> ReadAsync(
        BankConnection bank, IReadOnlyList<ProcessId> ids, CancellationToken interrupted)
    {
        var accounts = new AccountView[ids.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = interrupted };
        await Parallel.ForAsync(0, ids.Count, options, async (index, token) =>
            accounts[index] = await bank.CallAsync(_ => bank.Account(ids[index]).GetAsync(), token));
        return accounts;
    }

    /// <summary>The first open account in ordinal order, or none.</summary>
    public static async Task<ProcessId?> FindOpenAsync(BankConnection bank, CancellationToken interrupted)
    {
        var ids = await bank.CallAsync(_ => bank.Snapshots.ListProcessesAsync(), interrupted);
        foreach (var some in ids.Chunk(Concurrency))
        {
            foreach (var account in await ReadAsync(bank, some, interrupted))
            {
                if (account.Open) return account.Id;
            }
        }

        return null;
    }

    /// <summary>One account.</summary>
    /// <exception cref="ClientException">It is not open.</exception>
    public static async Task<AccountView> ReadOpenAsync(BankConnection bank, ProcessId id, CancellationToken interrupted)
    {
        var account = await bank.CallAsync(_ => bank.Account(id).GetAsync(), interrupted);
        return account.Open ? account : throw new ClientException(ErrorCode.NotFound, $"the account {id} is not open");
    }
}
