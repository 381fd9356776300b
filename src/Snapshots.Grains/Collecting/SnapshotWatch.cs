using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// One per silo: asks the index, for all processes of the silo at once, which snapshots have ended, and tells those that have a
/// recording of an ended one. A notice that is sent once gets lost; one that is asked for until it is heard does not. To ask is also
/// what brings the index back after its silo was lost, and with it the collectors.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class SnapshotWatch(
    IGrainFactory grains,
    SnapshotApplications applications,
    TimeProvider time,
    SiloStopping stopping,
    ILogger<SnapshotWatch> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan BusyPeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>How often the index is looked at while nothing is recorded here: so a lost index comes back within this time.</summary>
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(2);

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
        _loops = Task.WhenAll(applications.Names.Select(application => Task.Run(() => RunAsync(application), CancellationToken.None)));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken) =>
        await _loops.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task RunAsync(string application)
    {
        var attention = _attention.GetOrAdd(application, static _ => new AsyncSignal());
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
    }

    private void Tell(string application, SnapshotAnnouncement announcement)
    {
        foreach (var ((name, _), watched) in _watched)
        {
            if (name != application || !watched.Recordings.Any(announcement.HasEnded)) continue;
            grains.GetGrain<ISnapshotProcess>(watched.Grain.GrainId).LearnAsync(announcement).Ignore();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Target} could not be reached; it is tried again.")]
    private static partial void LogNotReached(ILogger logger, string target, Exception exception);

    private sealed record Watched(IGrainContext Grain, IReadOnlyList<SnapshotNumber> Recordings);
}
