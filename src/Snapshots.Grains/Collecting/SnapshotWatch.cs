using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// One per silo: asks the index, for all processes of the silo at once, which snapshots have ended, and tells those that have a
/// recording of an ended one. A notice that is sent once gets lost; one that is asked for until it is heard does not. It also wakes
/// the index and the directory at start-up, and processes whose write failed.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class SnapshotWatch(
    IGrainFactory grains,
    IOptions<GrainTypeOptions> grainTypes,
    TimeProvider time,
    SiloStopping stopping,
    ILogger<SnapshotWatch> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan BusyPeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>How often the index is looked at while nothing is recorded here: so a lost index comes back within this time.</summary>
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WakePause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Application, ProcessId Process), Watched> _watched = new();
    private readonly ConcurrentDictionary<string, AsyncSignal> _attention = new();
    private Task _loops = Task.CompletedTask;

    /// <summary>The activations that have recordings open.</summary>
    public IEnumerable<IGrainContext> WatchedGrains => _watched.Values.Select(watched => watched.Grain);

    /// <summary>The process has these recordings open, in place of what was said before.</summary>
    public void Add(string application, ProcessId process, IGrainContext grain, IEnumerable<SnapshotNumber> recordings) =>
        Watch(application, process, new Watched(grain, [.. recordings]));

    /// <summary>The process has no open recordings, or leaves this silo.</summary>
    public void Remove(string application, ProcessId process, IGrainContext grain)
    {
        if (_watched.TryGetValue((application, process), out var watched) && ReferenceEquals(watched.Grain, grain))
        {
            _watched.TryRemove(new((application, process), watched));
        }
    }

    /// <summary>Wakes a process whose activation is ending with work left.</summary>
    public void WakeLater(GrainId grain) => _ = Task.Run(async () =>
    {
        try
        {
            await Task.Delay(WakePause, time, stopping.Token).ConfigureAwait(false);
            await grains.GetGrain<ISnapshotProcess>(grain).WakeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotReached(logger, grain.ToString(), exception);
            if (!stopping.Token.IsCancellationRequested) WakeLater(grain);
        }
    });

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SnapshotWatch), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private void Watch(string application, ProcessId process, Watched watched)
    {
        _watched[(application, process)] = watched;
        if (_attention.TryGetValue(application, out var attention)) attention.Set();
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        var applications = grainTypes.Value.Classes
            .SelectMany(type => type.GetCustomAttributes(typeof(SnapshotProcessAttribute), inherit: false))
            .Select(attribute => ((SnapshotProcessAttribute)attribute).Application)
            .Distinct();
        _loops = Task.WhenAll(applications.Select(application => Task.Run(() => RunAsync(application), CancellationToken.None)));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken) =>
        await _loops.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task RunAsync(string application)
    {
        var attention = _attention.GetOrAdd(application, static _ => new AsyncSignal());
        var waking = WakeDirectoryAsync(application); // Not first: what is open here waits for no shard.
        var index = grains.GetGrain<ISnapshotIndex>(application);
        while (!stopping.Token.IsCancellationRequested)
        {
            try
            {
                var registration = await index.GetAnnouncementAsync().ConfigureAwait(false);
                Tell(application, registration.Announcement);
            }
            catch (Exception exception)
            {
                LogNotReached(logger, application, exception);
            }

            var busy = _watched.Keys.Any(key => key.Application == application);
            await (busy ? Task.Delay(BusyPeriod, time, stopping.Token) : attention.WaitAsync(IdlePeriod, time, stopping.Token))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await waking.ConfigureAwait(false);
    }

    private void Tell(string application, SnapshotAnnouncement announcement)
    {
        foreach (var ((name, _), watched) in _watched)
        {
            if (name != application || !watched.Recordings.Any(announcement.HasEnded)) continue;
            grains.GetGrain<ISnapshotProcess>(watched.Grain.GrainId).LearnAsync(announcement).Ignore();
        }
    }

    /// <summary>One shard that cannot be woken keeps no other one asleep.</summary>
    private async Task WakeDirectoryAsync(string application)
    {
        var asleep = Enumerable.Range(0, DirectoryKeys.ShardCount).ToList();
        while (asleep.Count > 0 && !stopping.Token.IsCancellationRequested)
        {
            foreach (var shard in asleep.ToList())
            {
                try
                {
                    await grains.GetGrain<IDirectoryShard>(DirectoryKeys.Shard(application, shard)).WakeAsync().ConfigureAwait(false);
                    asleep.Remove(shard);
                }
                catch (Exception exception)
                {
                    LogNotReached(logger, application, exception);
                }
            }

            if (asleep.Count > 0) await Task.Delay(WakePause, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Target} could not be reached; it is tried again.")]
    private static partial void LogNotReached(ILogger logger, string target, Exception exception);

    private sealed record Watched(IGrainContext Grain, IReadOnlyList<SnapshotNumber> Recordings);
}
