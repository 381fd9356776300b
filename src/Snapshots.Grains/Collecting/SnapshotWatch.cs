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
    private static readonly TimeSpan BusyPeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How often the index is looked at while nothing is recorded here: so a lost index comes back within this time.
    /// </summary>
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Watched> _watched = applications.Names.ToDictionary(name => name, _ => new Watched());
    private Task _loops = Task.CompletedTask;

    /// <summary>The activations that have recordings open.</summary>
    public IEnumerable<ILocalProcess> Activations => _watched.Values.SelectMany(watched => watched.Activations).Distinct();

    /// <summary>The activation has recorded the snapshot.</summary>
    public void Add(string application, SnapshotNumber snapshot, ILocalProcess process) => _watched[application].Add(snapshot, process);

    /// <summary>The activation knows that the snapshot has ended, or leaves this silo.</summary>
    public void Remove(string application, SnapshotNumber snapshot, ILocalProcess process) => _watched[application].Remove(snapshot, process);

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
        var index = grains.Get<ISnapshotIndex>(application);
        while (!stopping.Token.IsCancellationRequested)
        {
            try
            {
                var registration = await index.GetAnnouncementAsync().ConfigureAwait(false);
                foreach (var process in watched.InEnded(registration.Announcement)) process.Learn(registration.Announcement);
            }
            catch (Exception exception)
            {
                failures.Note("announcement", application, exception);
            }

            await (watched.IsEmpty ? watched.Attention.WaitAsync(IdlePeriod, time, stopping.Token) : Task.Delay(BusyPeriod, time, stopping.Token))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// The recordings of one application, by snapshot: what a look at them costs does not grow with who has nothing to
    /// hear.
    /// </summary>
    private sealed class Watched
    {
        private readonly Dictionary<SnapshotNumber, Dictionary<GrainId, ILocalProcess>> _recordings = [];

        /// <summary>Set when there is something to watch again.</summary>
        public AsyncSignal Attention { get; } = new();

        public bool IsEmpty
        {
            get
            {
                lock (_recordings) return _recordings.Count == 0;
            }
        }

        public IReadOnlyList<ILocalProcess> Activations
        {
            get
            {
                lock (_recordings) return [.. _recordings.Values.SelectMany(processes => processes.Values)];
            }
        }

        /// <summary>The activations that have recorded a snapshot that has ended, each once.</summary>
        public IReadOnlyList<ILocalProcess> InEnded(SnapshotAnnouncement announcement)
        {
            lock (_recordings)
            {
                return [.. _recordings.Where(entry => announcement.HasEnded(entry.Key)).SelectMany(entry => entry.Value.Values).Distinct()];
            }
        }

        public void Add(SnapshotNumber snapshot, ILocalProcess process)
        {
            bool isFirst;
            lock (_recordings)
            {
                isFirst = _recordings.Count == 0;
                if (!_recordings.TryGetValue(snapshot, out var processes)) _recordings.Add(snapshot, processes = []);
                processes[process.Grain] = process;
            }

            if (isFirst) Attention.Set();
        }

        /// <summary>Does nothing when another activation of the grain has taken the place of this one.</summary>
        public void Remove(SnapshotNumber snapshot, ILocalProcess process)
        {
            lock (_recordings)
            {
                if (!_recordings.TryGetValue(snapshot, out var processes)) return;
                if (!processes.TryGetValue(process.Grain, out var present) || !ReferenceEquals(present, process)) return;
                processes.Remove(process.Grain);
                if (processes.Count == 0) _recordings.Remove(snapshot);
            }
        }
    }
}
