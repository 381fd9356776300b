namespace Snapshots.Bank.Grains.Tests;

/// <summary>
/// A bank of one silo whose storage fails on order. Tests of a class share it, and each has accounts of its own.
/// </summary>
public sealed class FaultyBank : IAsyncLifetime
{
    private BankCluster? _bank;

    internal BankCluster Bank => _bank ?? throw new InvalidOperationException("the bank was not started");

    public async ValueTask InitializeAsync() => _bank = await BankCluster.StartAsync(silos: 1);

    public async ValueTask DisposeAsync()
    {
        if (_bank is not null) await _bank.DisposeAsync();
    }

    /// <summary>
    /// The next write of an account, or the one after <paramref name="skip"/> others, goes wrong in that way.
    /// </summary>
    internal ArmedFault Arm(string account, WriteFault fault, int skip = 0)
    {
        var armed = new ArmedFault(fault, skip);
        var grain = Bank.Account(account).GetGrainId();
        Bank.Storage.BeforeWrite = (name, of) => name == "journal" && of == grain
            ? armed.BeforeAsync()
            : Task.CompletedTask;
        Bank.Storage.AfterWrite = (name, of) => name == "journal" && of == grain
            ? armed.AfterAsync()
            : Task.CompletedTask;
        return armed;
    }
}
