using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Bank.Tests;

/// <summary>
/// A whole bank under random requests, retries and deliveries, against a dumb ledger of what each account must hold. A
/// failure prints the seed, which is the test's argument.
/// </summary>
public sealed class BankModelTests
{
    private const long Max = BankLimits.MaxAmount;
    private const int Accounts = 6;

    private readonly InOrderNetwork _network = new();
    private readonly Dictionary<ProcessId, Int128> _ledger = [];
    private readonly List<(ProcessId Id, KeyedRequest Request, AccountAnswer Answer)> _answered = [];
    private readonly Dictionary<string, int> _seen = [];

    [Theory]
    [InlineData(11UL)]
    [InlineData(12UL)]
    [InlineData(13UL)]
    [InlineData(14UL)]
    [InlineData(15UL)]
    public void Money_is_conserved_at_every_step_and_every_request_has_its_effect_once(ulong seed)
    {
        var random = new SeededRandom(seed);
        for (var index = 0; index < Accounts; index++)
        {
            _network.AddProcess(Id(index));
            _ledger[Id(index)] = 0;
        }

        for (var step = 0; step < 4_000; step++)
        {
            if (random.OneIn(2)) Deliver(random);
            else if (random.OneIn(5)) Retry(random);
            else Request(random, step);
            AssertConserved(seed, step);
        }

        while (Deliver(random)) AssertConserved(seed, -1);
        Assert.Empty(_network.InTransit);
        string[] interesting =
        [
            "Accepted", "InsufficientFunds", "NotOpen", "AlreadyOpen", "Overflow", "KeyReused", "Duplicate",
            "TransferMessage", "ReturnMessage", "BeyondTheLimit",
        ];
        Assert.All(interesting, what => Assert.True(_seen.ContainsKey(what), $"seed {seed} never saw {what}"));
    }

    [Theory]
    [InlineData(21UL)]
    [InlineData(22UL)]
    [InlineData(23UL)]
    public void Every_snapshot_conserves_money_and_keys(ulong seed)
    {
        var random = new SeededRandom(seed);
        for (var index = 0; index < Accounts; index++)
        {
            _network.AddProcess(Id(index));
            _ledger[Id(index)] = 0;
            _network.Open(Id(index), 1_000);
        }

        for (var number = 1; number <= 20; number++)
        {
            for (var step = 0; step < 60; step++) Request(random, (number * 1_000) + step);
            for (var step = 0; step < 30; step++) Deliver(random);
            for (var index = 0; index < Accounts; index++) _network.Initiate(Id(random.Below(Accounts)), new(number));
            for (var step = 0; step < 20; step++) Request(random, (number * 1_000) + 100 + step);
            while (Deliver(random)) continue;
            AssertSnapshotConserved(new(number));
            foreach (var process in _network.Processes) process.Learn(new(new(number), []));
        }

        Assert.True(_seen["InSnapshotTransit"] > 0);
    }

    private static ProcessId Id(int index) => new($"a{index}");

    private void Request(SeededRandom random, int step)
    {
        var id = Id(random.Below(Accounts));
        if (random.OneIn(12))
        {
            var deposit = random.OneIn(2) ? Max : random.Below(500);
            var opening = _network.Open(id, deposit);
            Saw(opening.IsAccepted ? "Accepted" : opening.Reason.ToString());
            if (opening.IsAccepted) _ledger[id] += deposit;
            return;
        }

        var timed = RequestKeys.Create(Given.Start.AddMilliseconds(step), random.Next());
        Send(id, NextRequest(random, id, random.OneIn(2) ? timed : new($"k{step}")));
    }

    private KeyedRequest NextRequest(SeededRandom random, ProcessId id, RequestKey key)
    {
        var balance = _network[id].State.Balance;
        var most = Math.Clamp(random.OneIn(3) ? balance : 300, 1, Max);
        var amount = new Amount(random.OneIn(2) ? most : 1 + (long)(random.Next() % (ulong)most));
        var to = Id(random.Below(Accounts));
        // Fortunes meet on the way, so that returns find accounts that were filled again meanwhile.
        var isFortune = balance > Max / 2 && random.OneIn(2);
        if (to != id && isFortune) return new TransferRequest(key, to, new(Math.Min(balance, Max)));
        if (to != id && !random.OneIn(4)) return new TransferRequest(key, to, amount);
        if (random.OneIn(2)) return new DepositRequest(key, amount);
        return new WithdrawRequest(key, new(Math.Min(amount.Value, 300)));
    }

    private void Send(ProcessId id, KeyedRequest request)
    {
        if (_network.Execute(id, request) is not { } answer) return;
        Assert.Equal(KeyStanding.New, answer.Standing);
        Saw(answer.IsAccepted ? "Accepted" : answer.Reason.ToString());
        _answered.Add((id, request, answer));
        if (!answer.IsAccepted) return;
        _ledger[id] += request is DepositRequest ? request.Amount.Value : -request.Amount.Value;
    }

    /// <summary>
    /// Repeats a request, or sends another one under its key. Neither may have an effect: the ledger is not touched.
    /// </summary>
    private void Retry(SeededRandom random)
    {
        if (_answered.Count == 0) return;
        var (id, request, answer) = _answered[random.Below(_answered.Count)];
        if (random.OneIn(4))
        {
            var other = new DepositRequest(request.Key, new Amount(request.Amount.Value == 1 ? 2 : 1));
            Assert.Equal(KeyStanding.KeyReused, _network.Execute(id, other)!.Standing);
            Saw("KeyReused");
        }
        else if (_network.Execute(id, request) is { } again)
        {
            Assert.Equal((answer.Reason, answer.Message, true), (again.Reason, again.Message, again.Duplicate));
            Saw("Duplicate");
        }
    }

    private bool Deliver(SeededRandom random)
    {
        if (!_network.Deliver(random, out var wire, out var message)) return false;
        if (message is null) return true;
        Saw(message.GetType().Name);
        var state = _network[wire.Target].State;
        var isReturned = message is TransferMessage && state.Balance == _ledger[wire.Target];
        if (isReturned) Assert.True(!state.Open || state.Balance + message.Amount.Value > Max);
        else _ledger[wire.Target] += message.Amount.Value;
        if (state.Balance > Max) Saw("BeyondTheLimit");
        return true;
    }

    private void AssertConserved(ulong seed, int step)
    {
        var totals = Conservation.Check(_network.Processes.Select(process => process.State), _network.InTransit);
        Assert.True(totals.Holds, $"seed {seed}, step {step}: {totals}");
        foreach (var process in _network.Processes) Assert.Equal(_ledger[process.Id], process.State.Balance);
    }

    private void AssertSnapshotConserved(SnapshotNumber snapshot)
    {
        var locals = _network.Reports.OfType<LocalReport<AccountState>>()
            .Where(report => report.Snapshot == snapshot)
            .ToList();
        var inTransit = _network.Reports.OfType<ChannelReport<BankMessage>>()
            .Where(report => report.Snapshot == snapshot)
            .SelectMany(report => report.Messages)
            .ToList();
        Assert.Equal(Accounts, locals.Select(report => report.Process).Distinct().Count());
        Assert.True(Conservation.Check(locals.Select(report => report.State), inTransit).Holds, $"snapshot {snapshot}");
        foreach (var message in inTransit.OfType<TransferMessage>())
        {
            // Money that is on its way at the cut left an account which remembers, at the cut, that it sent it.
            Assert.Contains(locals, local => Remembers(local.Requests, message.TransferId));
            Saw("InSnapshotTransit");
        }
    }

    /// <summary>Whether the key is known, whatever the request.</summary>
    private static bool Remembers(RequestMemory memory, RequestKey key) => KeyStanding.KeyReused
        == memory.Find(key, fingerprint: 0, Given.Start.ToUnixTimeMilliseconds(), RequestLimits.Default, out _);

    private void Saw(string what) => _seen[what] = _seen.GetValueOrDefault(what) + 1;
}
