using Snapshots.Bank;
using Snapshots.Protocol;

namespace Snapshots.Client.Tests;

public sealed class RestoreWatchTests : IOutcomeBook
{
    private static readonly ProcessId Alice = new("alice");

    private readonly List<string> _told = [];
    private readonly TransferTally _tally = new();
    private readonly TaskCompletionSource _mayAsk = new();
    private readonly RestoreWatch _watch;
    private Func<Transfer, AccountAnswer?> _ask = _ => null;

    public RestoreWatchTests() => _watch = new(AskAsync, this, _ => _told.Add("restored"));

    [Fact]
    public async Task After_a_restore_all_earlier_outcomes_are_unknown_and_asked_for_in_their_order()
    {
        var (first, second, third) = (Begin("t-1"), Begin("t-2"), Begin("t-3"));
        _ask = transfer => Answer(epoch: 2, transfer.Key.Value == "t-1");
        Assert.True(_watch.Accepts(first, Answer(epoch: 1)));
        Assert.True(_watch.Accepts(second, Answer(epoch: 1)));
        Assert.True(_watch.Accepts(third, Answer(epoch: 2)));
        Assert.Equal(["t-1 True", "t-2 True", "restored", "t-1 discarded", "t-2 discarded", "t-3 True"], _told);
        Assert.False(_watch.Ready.IsCompleted);
        _mayAsk.SetResult();
        await _watch.SettledAsync();
        Assert.Equal(["t-1 True", "t-2 False"], _told[6..]);
        Assert.True(_watch.HasRestored);
    }

    [Fact]
    public async Task An_answer_of_an_epoch_that_is_over_is_dropped()
    {
        var (first, second) = (Begin("t-1"), Begin("t-2"));
        Assert.True(_watch.Accepts(first, Answer(epoch: 2)));
        Assert.False(_watch.Accepts(second, Answer(epoch: 1)));
        Assert.Equal(["t-1 True"], _told);
        await _watch.SettledAsync();
    }

    [Fact]
    public async Task What_is_not_answered_again_stays_unknown()
    {
        Assert.True(_watch.Accepts(Begin("t-1"), Answer(epoch: 1)));
        Assert.True(_watch.Accepts(Begin("t-2"), Answer(epoch: 2)));
        _mayAsk.SetResult();
        await _watch.SettledAsync();
        Assert.Equal("t-1 given up", _told[^1]);
    }

    [Fact]
    public async Task A_restore_while_outcomes_are_asked_for_again_begins_anew()
    {
        Assert.True(_watch.Accepts(Begin("t-1"), Answer(epoch: 1)));
        Assert.True(_watch.Accepts(Begin("t-2"), Answer(epoch: 1)));
        _ask = _ => Answer(epoch: 3);
        Assert.True(_watch.Accepts(Begin("t-3"), Answer(epoch: 2)));
        _mayAsk.SetResult();
        await _watch.SettledAsync();

        // The answer for t-1 tells of the second restore, which has discarded that of t-3.
        Assert.Equal(2, _told.Count(each => each == "restored"));
        Assert.Single(_told, "t-3 discarded");
        foreach (var id in new[] { "t-1", "t-2", "t-3" })
            Assert.True(_told.LastIndexOf($"{id} True") > _told.LastIndexOf($"{id} discarded"), string.Join(", ", _told));
    }

    [Fact]
    public async Task Transfers_beyond_the_bound_are_counted_and_are_unknown_after_a_restore()
    {
        var watch = new RestoreWatch(AskAsync, this, _ => { }, maxRemembered: 2);
        for (var number = 1; number <= 3; number++)
        {
            var attempt = Begin($"t-{number}");
            Assert.True(watch.Accepts(attempt, Answer(epoch: 1)));
            attempt.Outcome = TransferOutcome.Accepted;
        }

        _ask = _ => Answer(epoch: 2);
        Assert.True(watch.Accepts(Begin("t-4"), Answer(epoch: 2)));
        _mayAsk.SetResult();
        await watch.SettledAsync();
        Assert.Equal(["t-3 discarded"], _told.Where(each => each.EndsWith("discarded", StringComparison.Ordinal)));
        Assert.Contains("2 Accepted forgotten", _told);

        Attempt Begin(string id) =>
            watch.Begin(new(new RequestKey(id), Alice, new ProcessId("bob"), new Amount(1)), _tally);
    }

    void IOutcomeBook.Forget(TransferTally tally, TransferOutcome outcome, int count) =>
        _told.Add($"{count} {outcome} forgotten");

    void IOutcomeBook.Settle(Attempt attempt, AccountAnswer answer) => _told.Add($"{attempt.Transfer.Key} {answer.IsAccepted}");

    void IOutcomeBook.Discard(Attempt attempt) => _told.Add($"{attempt.Transfer.Key} discarded");

    void IOutcomeBook.GiveUp(Attempt attempt) => _told.Add($"{attempt.Transfer.Key} given up");

    private async Task<AccountAnswer?> AskAsync(Transfer transfer)
    {
        await _mayAsk.Task;
        return _ask(transfer);
    }

    private Attempt Begin(string id) =>
        _watch.Begin(new(new RequestKey(id), Alice, new ProcessId("bob"), new Amount(1)), _tally);

    private static AccountAnswer Answer(int epoch, bool isAccepted = true) => new(
        isAccepted ? Outcome.Accepted : Outcome.Refused(RefusalReason.InsufficientFunds), KeyStanding.New, key: null)
    {
        Epoch = new Epoch(epoch),
    };
}
