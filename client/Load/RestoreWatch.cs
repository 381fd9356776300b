namespace Snapshots.Client;

/// <summary>
/// Notices a restore during a load. Every outcome of an earlier epoch is then unknown again, and each such transfer is
/// asked for again under its id, the transfers of a sender in the order of their first attempts. The cut of the restore
/// remembers a transfer, or it happens now, once. Meanwhile nothing else is sent. Thread-safe.
/// </summary>
/// <remarks>
/// The last transfers are remembered, about 100 bytes each. Of an earlier one only its outcome is counted; after a
/// restore it cannot be asked for, and stays unknown.
/// </remarks>
/// <param name="ask">Asks for one transfer until it is answered; null if it was given up.</param>
/// <param name="book">Is told each outcome, one after the other.</param>
/// <param name="say">Tells the user.</param>
/// <param name="maxRemembered">How many transfers are remembered.</param>
internal sealed class RestoreWatch(
    Func<Transfer, Task<AccountAnswer?>> ask, IOutcomeBook book, Action<string> say, int maxRemembered = 1_000_000)
{
    private const int Concurrency = 64;

    private readonly Lock _lock = new();
    private readonly Queue<Attempt> _attempts = [];
    private readonly Dictionary<(TransferTally Tally, TransferOutcome Outcome), int> _forgotten = [];
    private Epoch _epoch;
    private Task _recovery = Task.CompletedTask;

    /// <summary>Whether a restore was noticed.</summary>
    public bool HasRestored { get; private set; }

    /// <summary>Completes while no outcomes are asked for again.</summary>
    public Task Ready
    {
        get
        {
            lock (_lock) return _recovery;
        }
    }

    /// <summary>Completes when nothing is asked for again; a restore meanwhile is waited for, too.</summary>
    public async Task SettledAsync()
    {
        for (var ready = Ready; !ready.IsCompletedSuccessfully || ready != Ready; ready = Ready) await ready;
    }

    /// <summary>Notes a first attempt.</summary>
    public Attempt Begin(Transfer transfer, TransferTally tally)
    {
        var attempt = new Attempt(transfer, tally);
        lock (_lock)
        {
            _attempts.Enqueue(attempt);
            if (_attempts.Count > maxRemembered) ForgetOldest();
        }

        return attempt;
    }

    private void ForgetOldest()
    {
        var oldest = _attempts.Dequeue();
        if (oldest.Outcome is TransferOutcome.Accepted or TransferOutcome.Refused)
        {
            var counted = (oldest.Tally, oldest.Outcome.Value);
            _forgotten[counted] = _forgotten.GetValueOrDefault(counted) + 1;
        }
        else
        {
            _attempts.Enqueue(oldest); // It is still under way, and its sender makes no later one meanwhile.
        }
    }

    /// <summary>Takes an answer. False if it is of an epoch that is over: then the caller asks again.</summary>
    public bool Accepts(Attempt attempt, AccountAnswer answer)
    {
        lock (_lock)
        {
            if (answer.Epoch < _epoch) return false;
            var isRestored = answer.Epoch > _epoch && _epoch != default;
            _epoch = attempt.Epoch = answer.Epoch;
            if (isRestored) Recover();
            book.Settle(attempt, answer);
            return true;
        }
    }

    private void Recover()
    {
        HasRestored = true;
        say($"the service was restored: it is epoch {_epoch} now; every outcome of before is asked for again");
        var earlier = _attempts.Where(each => each.Epoch != default && each.Epoch < _epoch).ToList();
        foreach (var attempt in earlier) book.Discard(attempt);
        foreach (var ((tally, outcome), count) in _forgotten)
        {
            say(string.Create(
                CultureInfo.InvariantCulture,
                $"{count} transfers before the last {maxRemembered} were {outcome}; that is unknown now"));
            book.Forget(tally, outcome, count);
        }

        _forgotten.Clear();
        var before = _recovery;
        _recovery = Task.Run(async () =>
        {
            await before;
            var senders = earlier.GroupBy(each => each.Transfer.From);
            var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency };
            await Parallel.ForEachAsync(senders, options, async (attempts, _) =>
            {
                foreach (var attempt in attempts) await RecoverAsync(attempt);
            });
        });
    }

    private async Task RecoverAsync(Attempt attempt)
    {
        // An answer of an epoch that is over is dropped: the recovery that follows asks again.
        if (await ask(attempt.Transfer) is { } answer) Accepts(attempt, answer);
        else lock (_lock) book.GiveUp(attempt);
    }
}

/// <summary>One transfer of a load.</summary>
internal sealed class Attempt(Transfer transfer, TransferTally tally)
{
    public Transfer Transfer { get; } = transfer;

    /// <summary>Where it is counted.</summary>
    public TransferTally Tally { get; } = tally;

    /// <summary>The epoch of its last answer; <c>default</c> until there is one.</summary>
    public Epoch Epoch { get; set; }

    /// <summary>Its outcome, as it is counted; null while it is asked for.</summary>
    public TransferOutcome? Outcome { get; set; }
}

/// <summary>Keeps the outcomes of a load; is told them one after the other.</summary>
internal interface IOutcomeBook
{
    /// <summary>A transfer was answered, for the first time or again.</summary>
    void Settle(Attempt attempt, AccountAnswer answer);

    /// <summary>A restore has discarded the answer of a transfer; it is unknown until it is answered again.</summary>
    void Discard(Attempt attempt);

    /// <summary>
    /// A restore has discarded the answers of transfers that are no longer remembered; they stay unknown.
    /// </summary>
    void Forget(TransferTally tally, TransferOutcome outcome, int count);

    /// <summary>A transfer is no longer asked for; it stays unknown.</summary>
    void GiveUp(Attempt attempt);
}
