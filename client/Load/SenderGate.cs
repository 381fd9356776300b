namespace Snapshots.Client;

/// <summary>
/// Keeps a sender from paying while the outcome of one of its transfers is unknown. Safe for concurrent use; free of cost while
/// nothing is unknown.
/// </summary>
internal sealed class SenderGate
{
    private readonly Lock _lock = new();
    private int _unsettled;
    private TaskCompletionSource? _settled;

    /// <summary>Completes when nothing is unknown.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _unsettled) > 0)
        {
            Task settled;
            lock (_lock) settled = _settled?.Task ?? Task.CompletedTask;
            await settled.WaitAsync(cancellationToken);
        }
    }

    /// <summary>One more outcome is unknown.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _settled ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            _unsettled++;
        }
    }

    /// <summary>One that was unknown is settled, or given up.</summary>
    public void Open()
    {
        lock (_lock)
        {
            if (--_unsettled > 0) return;
            _settled?.SetResult();
            _settled = null;
        }
    }
}
