using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Brings the notes of all processes of a silo to the shards of the directory, many in one call. One call per shard is
/// under way at a time, so the notes of one process arrive in order.
/// </summary>
/// <remarks>Safe for concurrent use; runs outside the grains' turns.</remarks>
internal sealed class UnfinishedCourier
{
    private const int MaxNotesPerCall = 1024;

    /// <summary>
    /// Notes that wait for one shard at most. A process has one note under way, so as many processes have work.
    /// </summary>
    private const int MaxWaiting = 262_144;

    /// <summary>
    /// Tries of one call. With the pauses, about 10 seconds: this outlasts the replacement of a silo that is lost.
    /// </summary>
    private const int MaxTries = 16;
    private static readonly Backoff Pauses = new(FirstMs: 20, MaxMs: 1000);

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly SiloStopping _stopping;
    private readonly CallFailures _failures;
    private readonly Batcher<string, (UnfinishedNote Note, TaskCompletionSource Done)> _batcher;

    public UnfinishedCourier(IGrainFactory grains, TimeProvider time, SiloStopping stopping, CallFailures failures)
    {
        (_grains, _time, _stopping, _failures) = (grains, time, stopping, failures);
        _batcher = new(SendAsync, Fail, new BatchLimits(MaxNotesPerCall, MaxWaiting));
    }

    /// <summary>
    /// Completes when the shard has persisted the note. Fails when the shard could not be reached for long.
    /// </summary>
    public Task NoteAsync(string application, UnfinishedNote note)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _batcher.TryAdd(DirectoryKeys.ShardOf(application, note.Process), (note, done))
            ? done.Task
            : Task.FromException(new CallQueueFullException(MaxWaiting));
    }

    private async Task SendAsync(string shard, (UnfinishedNote Note, TaskCompletionSource Done)[] batch)
    {
        var grain = _grains.Get<IDirectoryShard>(shard);
        UnfinishedNote[] notes = [.. batch.Select(item => item.Note)];
        for (var retry = 0; ; retry++)
        {
            try
            {
                await grain.NoteAsync(notes).ConfigureAwait(false);
                break;
            }
            catch (Exception exception) when (retry + 1 < MaxTries && !_stopping.Token.IsCancellationRequested)
            {
                _failures.Note("note", notes[0].Process, exception);
                await Task.Delay(Pauses.Pause(retry), _time, _stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        foreach (var (_, done) in batch) done.SetResult();
    }

    private static void Fail(
        string shard, (UnfinishedNote Note, TaskCompletionSource Done)[] batch, Exception exception)
    {
        foreach (var (_, done) in batch)
        {
            done.TrySetException(exception);
            _ = done.Task.Exception; // The end of a listing is not waited for.
        }
    }
}
