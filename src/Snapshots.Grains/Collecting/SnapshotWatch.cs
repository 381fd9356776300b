using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// One per silo: asks the index, for all processes of the silo at once, which snapshots have ended, and tells those
/// that have a recording of an ended one. A notice that is sent once gets lost; one that is asked for until it is heard
/// does not. To ask is also what brings the index back after its silo was lost, and with it the collectors.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SnapshotWatch(
    IGrainFactory grains,
    SnapshotApplications applications,
    TimeProvider time,
    SiloStopping stopping,
    CallFailures failures) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int MaxConcurrentCalls = 256;

    /// <summary>How long the answers of some activations are waited for before the next ones are told.</summary>
    private static readonly TimeSpan MaxWaitForAnswers = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BusyPeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How often the index is looked at while nothing is recorded here: so a lost index comes back within this time.
    /// </summary>
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Watched> _watched = applications.Names.ToDictionary(name => name, _ => new Watched());
    private Task _loops = Task.CompletedTask;

    /// <summary>The activations that have recordings open.</summary>
    public IEnumerable<IGrainContext> WatchedGrains => _watched.Values.SelectMany(watched => watched.Grains).Distinct();

    /// <summary>The activation has recorded the snapshot.</summary>
    public void Add(string application, SnapshotNumber snapshot, IGrainContext grain) => _watched[application].Add(snapshot, grain);

    /// <summary>The activation knows that the snapshot has ended, or leaves this silo.</summary>
    public void Remove(string application, SnapshotNumber snapshot, IGrainContext grain) => _watched[application].Remove(snapshot, grain);

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SnapshotWatch), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _loops = Task.WhenAll(_watched.Select(entry => Task.Run(() => RunAsync(entry.Key, entry.Value), CancellationToken.None)));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken) =>
        await _loops.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task RunAsync(string application, Watched watched)
    {
        var index = grains.GetGrain<ISnapshotIndex>(application);
        while (!stopping.Token.IsCancellationRequested)
        {
            try
            {
                var registration = await index.GetAnnouncementAsync().ConfigureAwait(false);
                await TellAsync(watched, registration.Announcement).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                failures.Note("announcement", application, exception);
            }

            await (watched.IsEmpty ? watched.Attention.WaitAsync(IdlePeriod, time, stopping.Token) : Task.Delay(BusyPeriod, time, stopping.Token))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Some at a time. Nobody's answer is waited for long: who stays is told again.</summary>
    private async Task TellAsync(Watched watched, SnapshotAnnouncement announcement)
    {
        foreach (var group in watched.InEnded(announcement).Chunk(MaxConcurrentCalls))
        {
            var calls = Task.WhenAll(group.Select(grain =>
                failures.WatchAsync(grains.GetProcess(grain.GrainId).LearnAsync(announcement), "learn", grain.GrainId)));
            await Task.WhenAny(calls, Task.Delay(MaxWaitForAnswers, time, stopping.Token)).ConfigureAwait(false);
            if (stopping.Token.IsCancellationRequested) return;
        }
    }

    /// <summary>
    /// The recordings of one application, by snapshot: what a look at them costs does not grow with who has nothing to
    /// hear.
    /// </summary>
    private sealed class Watched
    {
        private readonly Dictionary<SnapshotNumber, Dictionary<GrainId, IGrainContext>> _recordings = [];

        /// <summary>Set when there is something to watch again.</summary>
        public AsyncSignal Attention { get; } = new();

        public bool IsEmpty
        {
            get
            {
                lock (_recordings) return _recordings.Count == 0;
            }
        }

        public IReadOnlyList<IGrainContext> Grains
        {
            get
            {
                lock (_recordings) return [.. _recordings.Values.SelectMany(grains => grains.Values)];
            }
        }

        /// <summary>The activations that have recorded a snapshot that has ended, each once.</summary>
        public IReadOnlyList<IGrainContext> InEnded(SnapshotAnnouncement announcement)
        {
            lock (_recordings)
            {
                return [.. _recordings.Where(entry => announcement.HasEnded(entry.Key)).SelectMany(entry => entry.Value.Values).Distinct()];
            }
        }

        public void Add(SnapshotNumber snapshot, IGrainContext grain)
        {
            lock (_recordings)
            {
                if (!_recordings.TryGetValue(snapshot, out var grains)) _recordings.Add(snapshot, grains = []);
                grains[grain.GrainId] = grain;
            }

            Attention.Set();
        }

        /// <summary>Does nothing when another activation of the grain has taken the place of this one.</summary>
        public void Remove(SnapshotNumber snapshot, IGrainContext grain)
        {
            lock (_recordings)
            {
                if (!_recordings.TryGetValue(snapshot, out var grains)) return;
                if (!grains.TryGetValue(grain.GrainId, out var present) || !ReferenceEquals(present, grain)) return;
                grains.Remove(grain.GrainId);
                if (grains.Count == 0) _recordings.Remove(snapshot);
            }
        }
    }
}
