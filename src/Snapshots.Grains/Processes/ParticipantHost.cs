using System.Collections.Immutable;
using System.Security.Cryptography;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// Does for one participant the I/O that it asks for: the journal, the directory, the couriers, one timer. It decides
/// nothing: what comes from outside becomes an input of the participant, and what the participant hands out is
/// performed. Used from its grain's scheduler only.
/// </summary>
internal sealed partial class ParticipantHost<TState, TMessage>
    where TState : notnull
    where TMessage : notnull
{
    /// <summary>How often a damaged activation looks whether it is stale.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(5);

    private readonly ProcessServices _services;
    private readonly IGrainBase _grain;
    private readonly string _application;
    private readonly ProcessJournal _journal;
    private readonly ProcessRecordCodec<TState, TMessage> _codec;
    private readonly PayloadCodec<TState> _states;
    private readonly MessageCodec<TMessage> _messages;
    private readonly FrameCourier<TMessage> _frames;
    private readonly WorkLoop<ParticipantWork> _loop;
    private readonly DurabilityWaiters _durable = new();
    private readonly List<TaskCompletionSource> _joining = [];
    private bool _isByMessage;

    /// <summary>By source, the message at which the handler throws: nothing behind it is delivered.</summary>
    private readonly Dictionary<ProcessId, HandlerException> _blocked = [];
    private Participant<TState, TMessage>? _participant;

    /// <summary>None unless the silo has an <see cref="IProcessObserver{TState, TMessage}"/>.</summary>
    private Observation<TState, TMessage>? _observation;

    /// <summary>Why nothing can be done with this activation: it is over.</summary>
    private Exception? _failure;

    /// <summary>
    /// Why nothing is done but for a restore: what is stored of the process is damaged. None of a sound process.
    /// </summary>
    private DamagedStateException? _damage;
    private IGrainTimer? _look;

    /// <summary>
    /// Whether what is damaged may be the empty record of a newcomer, since no more than the first write was stored. Then
    /// the directory is asked: a process that it does not know has made no step.
    /// </summary>
    private bool _mayBeNew;
    private IApplication<TState, TMessage>? _hosted;
    private ChannelOpening _opening;
    private IGrainTimer? _timer;
    private Instant? _timerAt;
    private bool _isLeaving;
    private ProcessCounters _counted;

    /// <summary>None unless the silo wants one.</summary>
    private readonly FlightRecorder? _flight;

    /// <summary>The snapshots of which the silo's watch tells this activation.</summary>
    private ImmutableArray<SnapshotNumber> _watched = [];

    public ParticipantHost(ProcessServices services, IGrainBase grain, ProcessId self, string application)
    {
        _services = services;
        _grain = grain;
        _application = application;
        Self = self;
        _states = services.States<TState>();
        _messages = services.Messages<TMessage>();
        _frames = services.Frames<TMessage>();
        _codec = services.Records<TState, TMessage>(_states, _messages);
        _journal = services.OpenJournal(grain.GrainContext.GrainId);
        _loop = new(() => Participant.TakeWork(Now, WallMs), PerformAsync, services.Gather);
        Waiting = new(services.Options, services.Time, self);
        if (services.Options.FlightRecorderEvents is > 0 and var events) _flight = new(events);
    }

    public ProcessId Self { get; }

    public ProcessServices Services => _services;

    public MessageCodec<TMessage> Messages => _messages;

    /// <summary>The steps that wait for room in a channel.</summary>
    public WaitingSteps<TState, TMessage> Waiting { get; }

    public Observation<TState, TMessage>? Observation => _observation;

    public Participant<TState, TMessage> Participant => _participant ?? throw _failure ?? new InvalidOperationException($"{Self} is not loaded");

    public Instant Now => _services.Now;

    /// <summary>The process's clock, in milliseconds since 1970.</summary>
    public long WallMs => _services.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Whether a step can be made at once.</summary>
    public bool IsReady => _failure is null && Participant.IsReady;

    /// <summary>Whether a message may be sent to a process to which no channel is open.</summary>
    public Task<bool> IsReachableAsync(ProcessId target) =>
        _services.Grains.Get<IDirectoryShard>(DirectoryKeys.ShardOf(_application, target)).IsReachableAsync(target);

    private IDirectoryShard Shard => _services.Grains.Get<IDirectoryShard>(DirectoryKeys.ShardOf(_application, Self));

    /// <summary>
    /// Makes the participant of what is stored. A process that is damaged is not started: each call of it fails with
    /// the reason.
    /// </summary>
    public async Task StartAsync(IApplication<TState, TMessage> application, ChannelOpening opening)
    {
        (_hosted, _opening) = (application, opening);
        ProcessRecord<TState, TMessage>? record;
        StoredProcess<TState, TMessage>? stored;
        try
        {
            var content = await _journal.ReadAsync();
            record = content is null ? null : _codec.Decode(Self, content);
            stored = record is null
                ? null
                : new(record, new((int)_journal.CheckpointBytes, content!.Entries.Length, _journal.EntryBytes));
        }
        catch (Exception exception) when (exception is DamagedStateException or InvalidDataException)
        {
            Damaged(exception as DamagedStateException ?? new DamagedStateException(_grain.GrainContext.GrainId, exception.Message));
            // Read before the directory is asked. A process that registers after that, and has made a step, has written a
            // number that this activation cannot take.
            _mayBeNew = await _journal.AcceptDamageAsync() <= 1;
            return;
        }

        _services.Health.IsNotDamaged(_grain.GrainContext.GrainId.ToString());
        if (_services.Observer<TState, TMessage>() is { } observer) _observation = new(application, observer.Activated(Self, record));
        _participant = Create(stored);
        if (record?.Damage is { } damage) Damaged(new DamagedStateException(_grain.GrainContext.GrainId, damage));
        _observation?.Follow(_participant);
        SetTimer();
    }

    private Participant<TState, TMessage> Create(StoredProcess<TState, TMessage>? stored) => new(
        Self,
        _observation ?? _hosted!,
        _opening,
        _services.Limits,
        _services.ParticipantOptions with { TakesEntries = _journal.TakesEntries },
        new Incarnation(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)))),
        stored,
        Now,
        _flight);

    /// <summary>
    /// Writes what is unwritten, and hands the process over to the directory if frames are under way.
    /// </summary>
    public async Task StopAsync(bool siloStops, CancellationToken cancellationToken)
    {
        _isLeaving = true;
        Watch([]);
        _services.Instruments.Waits(this, null);
        _services.Health.IsNotDamaged(_grain.GrainContext.GrainId.ToString());
        _timer?.Dispose();
        _look?.Dispose();
        if (_participant is not { Failure: null } participant) return;
        participant.Leave(siloStops, Now);
        _loop.Poke();
        var lastWork = _loop.Idle;
        await lastWork.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (participant.Failure is not null || !participant.HasJoined) return;
        if (participant.HasUnacknowledgedFrames || !lastWork.IsCompleted) _services.Waker.WakeLater(_grain.GrainContext.GrainId, lastWork);
    }

    /// <summary>The grain cannot be a process: each call of it fails with the reason.</summary>
    public void Refuse(Exception reason) => Fail(reason);

    /// <summary>The handler throws at a message, which comes again.</summary>
    public void HandlerFailed(HandlerException failure)
    {
        var source = failure.Channel.Source;
        var isNew = !_blocked.TryGetValue(source, out var known) || known.Number != failure.Number;
        _blocked[source] = failure;
        if (!isNew) return;
        _services.Instruments.HandlerFailures.Add(1);
        ProcessLog.HandlerFailed(_services.Logger, Self, failure.Subject, failure.InnerException!);
    }

    /// <summary>A frame was taken: if it has the message at which the handler threw, it no longer does.</summary>
    public void HandlerPassed(Frame<TMessage> frame)
    {
        if (_blocked.Count > 0
            && frame.Content is MessageContent<TMessage> content
            && _blocked.TryGetValue(frame.Channel.Source, out var failure)
            && failure.Number == content.Number)
        {
            _blocked.Remove(frame.Channel.Source);
        }
    }

    /// <exception cref="BlockedChannelException">
    /// The process cannot finish its part in a snapshot, since its handler throws at a message before a marker.
    /// </exception>
    public void RequireNotBlocked(SnapshotNumber snapshot)
    {
        foreach (var (source, failure) in _blocked)
        {
            if (Participant.AwaitsMarker(snapshot, source)) throw new BlockedChannelException(_grain.GrainContext.GrainId, failure);
        }
    }

    /// <exception cref="NotPersistedException">The activation is over.</exception>
    /// <exception cref="DamagedStateException">What is stored of the process is damaged.</exception>
    public void RequireSound()
    {
        if ((_failure ?? _damage) is { } failure) throw failure;
    }

    /// <summary>As <see cref="RequireSound"/>, before the directory is asked: it may not know the process.</summary>
    private void RequireSoundOrNew()
    {
        if (_failure is not null || !_mayBeNew || Participant.HasJoined) RequireSound();
    }

    /// <summary>Takes an order of a restore; completes when the process has done it, durably.</summary>
    /// <exception cref="InvalidOperationException">It has not: it is to be called again.</exception>
    public Task ObeyAsync(Gate gate)
    {
        if (_failure is not null) throw _failure;
        Participant.Obey(gate, _damage?.Damage, Now);
        if (_damage is null && Participant.Damage is { } damage) Damaged(new DamagedStateException(_grain.GrainContext.GrainId, damage));
        if (!Participant.IsOpen) Waiting.Fail(new RestoringException());
        return ReachAsync(gate);
    }

    /// <summary>
    /// Applies a part; completes when that is durable. False if the process stays damaged, and has the gate alone.
    /// </summary>
    /// <exception cref="InvalidOperationException">The activation is over: it is to be called again.</exception>
    public async Task<bool> RestoreAsync(Gate gate, bool wasClosed, ReportSurrogate[] reports)
    {
        if (_failure is not null) throw _failure;
        Participant.Restore(Decode(gate, reports) with { WasClosed = wasClosed }, _damage?.Damage, Now);
        if (_damage is null && Participant.Damage is { } damage) Damaged(new DamagedStateException(_grain.GrainContext.GrainId, damage));
        await ReachAsync(gate);
        if (Participant.Damage is null) _damage = null;
        return _damage is null;
    }

    /// <summary>Answers a reader, out of what is stored.</summary>
    /// <exception cref="RestoringException">A restore is under way.</exception>
    public async Task<TResult> ReadAsync<TResult>(Func<TState, Epoch, TResult> read)
    {
        RequireSoundOrNew();
        if (Participant.MayRead) return read(Participant.DurableState, Participant.Epoch);
        if (Participant.HasJoined && !Participant.IsOpen) throw new RestoringException(); // At once, not after a write.

        if (!Participant.HasJoined)
        {
            // It may be about to get a part, and does not know: its shard does. Or all of it is lost.
            var gate = await Shard.GetGateAsync();
            if (await Shard.IsRegisteredAsync(Self)) await JoinAsync();
            else if (!Participant.HasJoined) return read(Participant.DurableState, gate.Epoch);
        }

        await DurableAsync(true);
        RequireSound();
        return Participant.MayRead ? read(Participant.DurableState, Participant.Epoch) : throw new RestoringException();
    }

    private async Task ReachAsync(Gate gate)
    {
        await DurableAsync(true);
        if (Participant.DurableGate < gate) throw new InvalidOperationException($"{Self} is at {Participant.DurableGate}, not at {gate}");
    }

    private RestorePart<TState, TMessage> Decode(Gate gate, ReportSurrogate[] reports)
    {
        var decoded = reports.Select(report => report.FromWire()).ToList();
        var local = decoded.OfType<LocalReport<StatePayload>>().Select(report => new LocalReport<TState>(
            report.Snapshot, report.Epoch, report.Process, _states.FromPayload(report.State.State), report.Sent, report.Delivered)
        {
            Requests = RequestMemoryCodec.FromPayload(report.State.Requests),
        });
        var channels = decoded.OfType<ChannelReport<Payload>>().Select(report => new ChannelReport<TMessage>(
            report.Snapshot,
            report.Epoch,
            report.Process,
            report.Source,
            report.DeliveredBefore,
            [.. report.Messages.Select(_messages.General.FromPayload)]));
        return new(gate, local.SingleOrDefault(), [.. channels]);
    }

    /// <summary>Completes when the process takes steps: it is registered, and awake.</summary>
    /// <param name="isByMessage">Whether a message wants it to; a request that comes meanwhile counts more.</param>
    public Task JoinAsync(bool isByMessage = false)
    {
        RequireSoundOrNew();
        if (Participant.IsReady) return Task.CompletedTask;
        if (Participant.HasJoined && !Participant.IsOpen) throw new RestoringException();
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _isByMessage = isByMessage && (_joining.Count == 0 || _isByMessage);
        _joining.Add(joined);
        Participant.RequestJoin();
        _loop.Poke();
        return joined.Task;
    }

    /// <summary>After an input: what it has left to do is done, soon or when it is due.</summary>
    public void Poke()
    {
        _observation?.Look();
        UpdateWatch();
        if (Participant.HasWorkToTake) _loop.Poke();
        SetTimer();
    }

    /// <summary>Completes, with a result, when all that has been changed or seen so far is durable.</summary>
    public Task<TResult> DurableAsync<TResult>(TResult result)
    {
        if (Participant.Revision == Participant.DurableRevision) return Task.FromResult(result);
        Participant.RequireDurable(Now);
        var durable = _durable.WaitAsync(Participant.Revision, result);
        Poke();
        return durable;
    }
}
