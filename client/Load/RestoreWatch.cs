namespace Snapshots.Client;

/// <summary>
/// Notices a restore during a load, and then asks for every outcome of an earlier epoch again: each transfer under its
/// id, the transfers of a sender in the order of their first attempts. The cut of the restore remembers a transfer, or
/// it happens now, once. Meanwhile nothing else is sent. Thread-safe.
/// </summary>
/// <param name="ask">Asks for one transfer until it is answered; false if it was given up.</param>
/// <param name="say">Tells the user.</param>
internal sealed class RestoreWatch(Func<Transfer, Task<AccountAnswer?>> ask, Action<string> say)
{
    private const int Concurrency = 64;

    private readonly Lock _lock = new();
    private readonly List<Attempt> _attempts = [];
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

    /// <summary>Notes a first attempt.</summary>
    public Attempt Begin(Transfer transfer)
    {
        var attempt = new Attempt(transfer);
        lock (_lock) _attempts.Add(attempt);
        return attempt;
    }

    /// <summary>
    /// Takes an answer. False if it is of an epoch that is over, or the first of a new one while others are asked for
    /// again: then the transfer is asked for again with them.
    /// </summary>
    /// <param name="attempt">The transfer.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="changed">Is told each outcome that is another one now than before.</param>
    public bool Accepts(Attempt attempt, AccountAnswer answer, Action<Attempt, AccountAnswer> changed)
    {
        lock (_lock)
        {
            if (answer.Epoch < _epoch) return false;
            if (answer.Epoch > _epoch)
            {
                var isFirst = _epoch == default;
                _epoch = answer.Epoch;
                if (!isFirst) Recover(changed);
            }

            (attempt.Epoch, attempt.IsAccepted) = (answer.Epoch, answer.IsAccepted);
            return true;
        }
    }

    private void Recover(Action<Attempt, AccountAnswer> changed)
    {
        HasRestored = true;
        say($"the service was restored: it is epoch {_epoch} now; every outcome of before is asked for again");
        var earlier = _attempts.Where(each => each.Epoch != default && each.Epoch < _epoch).ToList();
        var (epoch, before) = (_epoch, _recovery);
        _recovery = Task.Run(async () =>
        {
            await before;
            var senders = earlier.GroupBy(each => each.Transfer.From);
            var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency };
            await Parallel.ForEachAsync(senders, options, async (attempts, _) =>
            {
                foreach (var attempt in attempts)
                {
                    if (await ask(attempt.Transfer) is not { } answer) continue;
                    lock (_lock)
                    {
                        if (answer.Epoch < epoch) continue; // A later recovery asks again.
                        attempt.Epoch = answer.Epoch;
                    }

                    changed(attempt, answer);
                }
            });
        });
    }

    /// <summary>One transfer of the load.</summary>
    internal sealed class Attempt(Transfer transfer)
    {
        public Transfer Transfer { get; } = transfer;

        /// <summary>The epoch of its last answer; <c>default</c> until there is one.</summary>
        public Epoch Epoch { get; set; }

        /// <summary>Whether the last answer accepted it.</summary>
        public bool IsAccepted { get; set; }
    }
}
