using System.Collections.Immutable;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Grains.Tests;

/// <summary>Accounts that nobody has opened: how many of them come into being, and by what.</summary>
public sealed class UnopenedTests
{
    private ulong _keys;

    [Fact]
    public async Task A_request_to_an_account_that_does_not_exist_is_refused_and_brings_none_into_being()
    {
        await using var bank = await BankCluster.StartAsync(silos: 1);
        await bank.OpenAsync(accounts: 1, deposit: 100);
        var nobody = bank.Account("nobody");
        AccountAnswer?[] answers =
        [
            await nobody.DepositAsync(NextKey(), new Amount(1)),
            await nobody.WithdrawAsync(NextKey(), new Amount(1)),
            await nobody.TransferAsync(NextKey(), new ProcessId("P0"), new Amount(1)),
            .. await nobody.TransferAllAsync([new(NextKey(), new ProcessId("P0"), new Amount(1))]),
        ];
        Assert.All(answers, answer => Assert.Equal(RefusalReason.NotOpen, answer?.Reason));
        Assert.False(await bank.Snapshots.IsRegisteredAsync(new("nobody")));

        Assert.True((await nobody.OpenAsync(5)).IsAccepted);
        Assert.True((await nobody.DepositAsync(NextKey(), new Amount(1))).IsAccepted);
    }

    [Fact]
    public async Task Transfers_bring_a_bounded_number_of_accounts_into_being_and_then_are_refused_before_their_step()
    {
        const int Shards = 16;
        await using var bank = await BankCluster.StartAsync(silos: 1, options => options.MaxProcessesByMessage = Shards);
        await bank.OpenAsync(accounts: 3, deposit: 1000);
        var payer = bank.Account("P0");
        List<string> known = [];
        var refused = 0;
        for (var number = 0; number < 150; number++)
        {
            var answer = await payer.TransferAsync(NextKey(), new($"made-up-{number}"), new Amount(1));
            if (!answer.IsAccepted)
            {
                Assert.Equal((RefusalReason.TooManyUnopened, ++refused), (answer.Reason, refused));
                continue;
            }

            known.Add($"made-up-{number}");
            await BankCluster.UntilAsync(() => bank.Snapshots.IsRegisteredAsync(new(known[^1])));
        }

        Assert.InRange(known.Count, 1, Shards);
        Assert.True(refused > 0);

        // What exists can be paid, also for the first time, and a batch is answered one by one.
        Assert.True((await payer.TransferAsync(NextKey(), new("P1"), new Amount(1))).IsAccepted);
        Assert.True((await bank.Account("P2").TransferAsync(NextKey(), new(known[0]), new Amount(1))).IsAccepted);
        var key = NextKey();
        var orders = ImmutableArray.Create<TransferOrder>(
            new(NextKey(), new("made-up-1000"), new Amount(1)),
            new(NextKey(), new(known[^1]), new Amount(1)),
            new(key, new("made-up-1001"), new Amount(1)),
            new(NextKey(), new("P1"), new Amount(1)));
        var answers = await bank.Account("P2").TransferAllAsync(orders);
        Assert.Equal([true, true], new[] { answers[1], answers[3] }.Select(answer => answer?.IsAccepted));
        Assert.All([answers[0], answers[2]], answer => Assert.Contains(answer!.Reason, new[] { RefusalReason.None, RefusalReason.TooManyUnopened }));

        // Nothing is remembered of a transfer that was refused so: once the target is open it is made.
        if (answers[2]!.IsAccepted) return;
        await bank.Account("made-up-1001").OpenAsync(0);
        var made = await bank.Account("P2").TransferAsync(key, new("made-up-1001"), new Amount(1));
        Assert.Equal((true, KeyStanding.New), (made.IsAccepted, made.Standing));
    }

    private RequestKey NextKey() => RequestKeys.Create(DateTimeOffset.UtcNow, ++_keys);
}
