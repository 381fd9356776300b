using System.Collections.Concurrent;

namespace Snapshots.Grains;

/// <summary>
/// Brings the notes of all processes of a silo to the directory's shards, many in one call; one call per shard at a time, so notes of
/// one process arrive in order.
/// </summary>
/// <remarks>Safe for concurrent use; runs outside the grains' turns.</remarks>
internal sealed class UnfinishedCourier(IGrainFactory grains, TimeProvider time, SiloStopping stopping)
{
    private const int MaxNotesPerCall = 1024;

    /// <summary>Tries of one call. The shard's silo may be lost: with the pauses this outlasts its replacement.</summary>
    private const int MaxTries = 30;
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Outbox> _outboxes = new();

    /// <summary>Completes when the shard has persisted the note. Fails when it could not be reached for long.</summary>
    public Task NoteAsync(string application, UnfinishedNote note)
    {
        var shard = DirectoryKeys.ShardOf(application, note.Process);
        var outbox = _outboxes.GetOrAdd(shard, static _ => new Outbox());
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (outbox)
        {
            outbox.Waiting.Enqueue((note, done));
            if (outbox.Running) return done.Task;
            outbox.Running = true;
        }

        _ = Task.Run(() => RunAsync(shard, outbox));
        return done.Task;
    }

    private async Task RunAsync(string shard, Outbox outbox)
    {
        var grain = grains.GetGrain<IDirectoryShard>(shard);
        while (Take(outbox) is { Length: > 0 } batch)
        {
            try
            {
                await SendAsync(grain, [.. batch.Select(item => item.Note)]).ConfigureAwait(false);
                foreach (var (_, done) in batch) done.SetResult();
            }
            catch (Exception exception)
            {
                foreach (var (_, done) in batch)
                {
                    done.SetException(exception);
                    _ = done.Task.Exception; // The end of a listing is not waited for.
                }
            }
        }
    }

    private async Task SendAsync(IDirectoryShard shard, UnfinishedNote[] notes)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await shard.NoteAsync(notes).ConfigureAwait(false);
                return;
            }
            catch (Exception) when (attempt < MaxTries && !stopping.Token.IsCancellationRequested)
            {
                var pause = TimeSpan.FromMilliseconds(20 * attempt);
                await Task.Delay(pause < MaxPause ? pause : MaxPause, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static (UnfinishedNote Note, TaskCompletionSource Done)[] Take(Outbox outbox)
    {
        lock (outbox)
        {
            var batch = new (UnfinishedNote, TaskCompletionSource)[Math.Min(outbox.Waiting.Count, MaxNotesPerCall)];
            for (var index = 0; index < batch.Length; index++) batch[index] = outbox.Waiting.Dequeue();
            outbox.Running = batch.Length > 0;
            return batch;
        }
    }

    private sealed class Outbox
    {
        public Queue<(UnfinishedNote Note, TaskCompletionSource Done)> Waiting { get; } = [];

        public bool Running { get; set; }
    }
}
