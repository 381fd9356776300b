using Microsoft.Extensions.Logging;

namespace Snapshots.Grains;

/// <summary>
/// One per silo: has the directory wake what is unfinished when this silo starts and when another one is lost, and
/// wakes processes whose activation here has ended with frames under way.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Every silo that survives asks; the shards do the work once for each loss.
/// </remarks>
internal sealed partial class Waker(
    IGrainFactory grains,
    SnapshotApplications applications,
    IClusterMembershipService membership,
    TimeProvider time,
    SiloStopping stopping,
    CallFailures failures,
    ILogger<Waker> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the end of a write is waited for. One that is slower leaves its process to the directory's list.
    /// </summary>
    private static readonly TimeSpan MaxWrite = TimeSpan.FromMinutes(5);
    private Task _loop = Task.CompletedTask;

    /// <summary>Wakes a process after a pause, again and again until it is awake or this silo stops.</summary>
    /// <param name="process">The process.</param>
    /// <param name="lastWrite"> The last write of the activation that has ended. (1) The process is deactivated in the
    /// middle of it; (2) it is woken, reads what was stored before, and has nothing to do; (3) the write takes effect.
    /// So it is woken once more after that, and sees that it is stale. </param>
    public void WakeLater(GrainId process, Task lastWrite) => _ = Task.Run(async () =>
    {
        await PauseAsync().ConfigureAwait(false);
        var isOver = lastWrite.IsCompleted;
        await WakeAsync(process).ConfigureAwait(false);
        if (isOver) return; // Else once more: a second guard, beside the fence that a woken process writes.
        await lastWrite.WaitAsync(MaxWrite, time, stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await WakeAsync(process).ConfigureAwait(false);
    });

    /// <summary>
    /// Starts a directory shard whose activation has ended with a write that failed: wake-ups may be left.
    /// </summary>
    public void StartLater(string shard) => _ = Task.Run(async () =>
    {
        await PauseAsync().ConfigureAwait(false);
        await RepeatAsync(shard, () => grains.Get<IDirectoryShard>(shard).WakeAsync(membershipVersion: -1)).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(Waker), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken) =>
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>
    /// Begins again after a failure: without this loop, no process of a lost silo would be woken by this one.
    /// </summary>
    private async Task RunAsync()
    {
        while (!stopping.Token.IsCancellationRequested)
        {
            try
            {
                await WatchAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.Token.IsCancellationRequested)
            {
                return; // The silo stops; the others see to what is unfinished.
            }
            catch (Exception exception)
            {
                LogWatchFailed(logger, exception);
            }

            await PauseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Wakes for the membership that there is, then for each loss.</summary>
    private async Task WatchAsync()
    {
        var known = membership.CurrentSnapshot;
        await WakeAsync(known).ConfigureAwait(false);
        await foreach (var next in membership.MembershipUpdates.WithCancellation(stopping.Token).ConfigureAwait(false))
        {
            var lost = known.Members.Values.Any(member =>
                IsThere(member.Status) && !IsThere(next.GetSiloStatus(member.SiloAddress)));
            known = next;
            if (lost) await WakeAsync(next).ConfigureAwait(false);
        }
    }

    private static bool IsThere(SiloStatus status) => status is not (SiloStatus.None or SiloStatus.Dead);

    /// <summary>One shard that cannot be reached keeps no other one asleep.</summary>
    private Task WakeAsync(ClusterMembershipSnapshot snapshot) => Task.WhenAll(applications.Names
        .SelectMany(application => Enumerable.Range(0, DirectoryKeys.ShardCount)
            .Select(shard => DirectoryKeys.Shard(application, shard)))
        .Select(shard => RepeatAsync(
            shard, () => grains.Get<IDirectoryShard>(shard).WakeAsync(snapshot.Version.Value))));

    private Task WakeAsync(GrainId process) => RepeatAsync(process.ToString(), async () =>
    {
        try
        {
            await grains.Get<ISnapshotProcess>(process).WakeAsync(listing: 0).ConfigureAwait(false);
        }
        catch (DamagedStateException)
        {
            // It has said so itself, and only a restore brings it back.
        }
    });

    private async Task RepeatAsync(string target, Func<Task> wake)
    {
        while (!stopping.Token.IsCancellationRequested)
        {
            try
            {
                await wake().ConfigureAwait(false);
                return;
            }
            catch (Exception exception)
            {
                failures.Note("wake", target, exception);
            }

            await PauseAsync().ConfigureAwait(false);
        }
    }

    private async Task PauseAsync() =>
        await Task.Delay(Pause, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(2, LogLevel.Error, "The membership of the cluster cannot be watched; it is tried again.")]
    private static partial void LogWatchFailed(ILogger logger, Exception exception);
}
