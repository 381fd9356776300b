using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

public sealed class WriteFaultTests(FaultyBank faulty) : IClassFixture<FaultyBank>
{
    /// <summary>The writes of one transfer.</summary>
    public enum Place
    {
        /// <summary>The sender's, which accepts it.</summary>
        Acceptance,

        /// <summary>The receiver's, which delivers it.</summary>
        Delivery,

        /// <summary>The sender's, which takes its acknowledgement.</summary>
        Acknowledgement,
    }

    public static TheoryData<Place, WriteFault> Cases => new(
        from place in Enum.GetValues<Place>() from fault in Enum.GetValues<WriteFault>() select (place, fault));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_transfer_is_applied_once_and_answered_the_same_whichever_of_its_writes_goes_wrong(
        Place place, WriteFault fault)
    {
        var (alice, bob) = ($"alice-{place}-{fault}", $"bob-{place}-{fault}");
        await faulty.Bank.Account(alice).OpenAsync(100);
        await faulty.Bank.Account(bob).OpenAsync(7);
        var key = new RequestKey("t-1");
        var armed = faulty.Arm(place == Place.Delivery ? bob : alice, fault, place == Place.Acknowledgement ? 1 : 0);
        var transfer = SettleAsync(alice, key, bob, 30);
        await armed.Hit;
        if (fault == WriteFault.Slow)
        {
            for (var look = 0; look < 20; look++)
            {
                Assert.Equal(place == Place.Acceptance ? 100 : 70, await BalanceAsync(alice));
                Assert.Equal(place == Place.Acknowledgement ? 37 : 7, await BalanceAsync(bob));
                Assert.False(place == Place.Acceptance && transfer.IsCompleted, "it is answered before it is kept");
            }

            armed.Release();
        }

        Assert.True((await transfer).IsAccepted);
        await BankCluster.UntilAsync(async () => await BalanceAsync(bob) == 37);
        var again = await SettleAsync(alice, key, bob, 30);
        Assert.Equal((true, true), (again.IsAccepted, again.Duplicate));
        Assert.True((await SettleAsync(alice, new("t-2"), bob, 5)).IsAccepted);
        await BankCluster.UntilAsync(async () => await BalanceAsync(bob) == 42);
        Assert.Equal(65, await BalanceAsync(alice));
        await faulty.Bank.ProveAsync(await faulty.Bank.TakeAsync($"s-{place}-{fault}"));
    }

    [Theory]
    [InlineData(WriteFault.Before)]
    [InlineData(WriteFault.After)]
    [InlineData(WriteFault.Conflict)]
    [InlineData(WriteFault.Slow)]
    public async Task A_refusal_stays_one_when_its_write_goes_wrong(WriteFault fault)
    {
        var (alice, bob) = ($"poor-{fault}", $"payee-{fault}");
        await faulty.Bank.Account(alice).OpenAsync(10);
        await faulty.Bank.Account(bob).OpenAsync(0);
        var key = new RequestKey("t-1");
        var armed = faulty.Arm(alice, fault);
        var transfer = SettleAsync(alice, key, bob, 30);
        await armed.Hit;
        for (var look = 0; look < 20 && fault == WriteFault.Slow; look++)
        {
            await BalanceAsync(alice);
            Assert.False(transfer.IsCompleted, "it is refused before that is kept");
        }

        armed.Release();
        Assert.Equal(RefusalReason.InsufficientFunds, (await transfer).Reason);
        Assert.True((await faulty.Bank.Account(alice).DepositAsync(new("d-1"), new(100))).IsAccepted);
        var again = await SettleAsync(alice, key, bob, 30);
        Assert.Equal((RefusalReason.InsufficientFunds, true), (again.Reason, again.Duplicate));
        Assert.Equal((110, 0), (await BalanceAsync(alice), await BalanceAsync(bob)));
    }

    /// <summary>
    /// A stale activation knows outcomes too, perhaps of a history that a restore has discarded meanwhile: only one whose
    /// write is taken tells them.
    /// </summary>
    [Fact]
    public async Task A_repeat_is_answered_when_a_write_has_shown_that_the_activation_is_not_stale()
    {
        await faulty.Bank.Account("again").OpenAsync(100);
        var key = new RequestKey("d-1");
        Assert.True((await faulty.Bank.Account("again").DepositAsync(key, new(5))).IsAccepted);
        var armed = faulty.Arm("again", WriteFault.Slow);
        var repeat = faulty.Bank.Account("again").DepositAsync(key, new(5));
        await armed.Hit;
        for (var look = 0; look < 20; look++)
        {
            Assert.Equal(105, await BalanceAsync("again"));
            Assert.False(repeat.IsCompleted, "it is answered before the write is taken");
        }

        armed.Release();
        Assert.Equal((true, true), ((await repeat).IsAccepted, (await repeat).Duplicate));
    }

    private async Task<AccountAnswer> SettleAsync(string from, RequestKey key, string to, long amount)
    {
        while (true)
        {
            try
            {
                return await faulty.Bank.Account(from).TransferAsync(key, new(to), new(amount));
            }
            catch (Snapshots.Grains.NotPersistedException)
            {
                // Not known: the same key is asked for again.
            }
        }
    }

    private async Task<long> BalanceAsync(string id)
    {
        while (true)
        {
            try
            {
                return (await faulty.Bank.Account(id).GetAsync()).Balance;
            }
            catch (Snapshots.Grains.NotPersistedException)
            {
                // It is being reloaded.
            }
        }
    }
}
