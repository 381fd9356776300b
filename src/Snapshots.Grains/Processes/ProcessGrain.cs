using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Serialization;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The grain that hosts one process. An application derives from it, marks the class with <see cref="SnapshotProcessAttribute"/>,
/// hands in its <see cref="IApplication{TState, TMessage}"/>, and turns each of its grain methods into one call of
/// <see cref="StepAsync{TResult}"/> or <see cref="Read{TResult}"/>.
/// </summary>
/// <remarks>
/// <para>
/// It does one thing, in one place (<c>CommitAsync</c>): step the core, persist, then perform the effects. No reply, frame,
/// acknowledgement or report shows a step that is not yet written. While a write is under way the grain goes on; the next write
/// takes all that came since. A write that fails ends the activation, so memory never runs ahead of storage.
/// </para>
/// <para>
/// The grain is reentrant, since every step is synchronous, and never awaits a collector, a stream or another process: effects are
/// handed to couriers that work outside its turns.
/// </para>
/// </remarks>
/// <typeparam name="TState">The application's state; immutable, serializable by Orleans.</typeparam>
/// <typeparam name="TMessage">What the application sends; immutable, serializable by Orleans.</typeparam>
[Reentrant]
public abstract partial class ProcessGrain<TState, TMessage> : Grain, ISnapshotProcess
    where TState : notnull
    where TMessage : notnull
{
    private readonly ProcessServices _services;
    private readonly IApplication<TState, TMessage> _application;
    private readonly PayloadCodec<TState> _states;
    private readonly MessageCodec<TMessage> _messages;
    private readonly PacketCodec<TMessage> _packets;
    private readonly FrameCourier<TMessage> _frames;
    private readonly ProcessStore<TState, TMessage> _store;
    private readonly GroupCommit _commit;
    private readonly string _applicationName;
    private Process<TState, TMessage>? _process;

    /// <summary>None unless the silo has an <see cref="IProcessObserver{TState, TMessage}"/>.</summary>
    private Observation<TState, TMessage>? _observation;
    private TState? _persistedState;
    private long _persistedRevision;
    private Exception? _failure;
    private bool _leaving;
    private Task? _joining;

    /// <summary>Called by the derived grain's constructor.</summary>
    /// <exception cref="InvalidOperationException">The class lacks its <see cref="SnapshotProcessAttribute"/>.</exception>
    protected ProcessGrain(ProcessServices services, IApplication<TState, TMessage> application)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(application);
        _services = services;
        _application = application;
        _applicationName = GetType().GetCustomAttribute<SnapshotProcessAttribute>()?.Application
            ?? throw new InvalidOperationException($"{GetType()} must carry [{nameof(SnapshotProcessAttribute)}]");
        _states = new(services.Services.GetRequiredService<Serializer<TState>>());
        _messages = new(new(services.Services.GetRequiredService<Serializer<TMessage>>()), services.Services.GetService<IMessageForm<TMessage>>());
        _packets = new(_messages);
        _frames = services.Services.GetRequiredService<FrameCourier<TMessage>>();
        _commit = new(CommitAsync);
        Self = new ProcessId(this.GetPrimaryKeyString());
        _store = new(services.Storage, GrainContext.GrainId, Self, new(new(_states, services.Services.GetService<IStateDifference<TState>>()), _messages));
    }

    /// <summary>The process that this grain hosts.</summary>
    protected ProcessId Self { get; }

    /// <summary>Which channels come into being when two processes meet; both directions, unless the application says otherwise.</summary>
    protected virtual ChannelOpening Opening => ChannelOpening.Pair;

    private Process<TState, TMessage> Core => _process ?? throw new InvalidOperationException($"{Self} is not loaded");

    private Instant Now => new(_services.Time.GetTimestamp() / (_services.Time.TimestampFrequency / 1000));

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        var record = await _store.ReadAsync();
        if (_services.Services.GetService<IProcessObserver<TState, TMessage>>() is { } observer)
        {
            _observation = new(_application, observer.Activated(Self, record));
        }

        var application = _observation ?? _application;
        _process = record is not null
            ? new(record, application, Opening, _services.Options.Limits, Now)
            : new(Self, application, Opening, _services.Options.Limits);
        _observation?.Follow(_process);
        _persistedState = _process.State;
        _persistedRevision = _process.Revision;
        _inheritsListing = _process.HasUnacknowledgedFrames;
        if (_process.IsUnfinished)
        {
            var now = Now;
            _reportAgainAt = now;
            TickBy(now, now);
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _leaving = true;
        Watch([]);
        var lastWrite = Task.CompletedTask;
        if (_process is not null && _failure is null && _process.Revision != _persistedRevision)
        {
            lastWrite = _commit.RequestAsync();
            await lastWrite.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        if (_failure is null && _process is { HasJoined: true } process)
        {
            if (process.HasUnacknowledgedFrames || !lastWrite.IsCompletedSuccessfully) _services.Waker.WakeLater(GrainContext.GrainId, lastWrite);
            else if (reason.ReasonCode != DeactivationReasonCode.ShuttingDown) EndListing(); // A silo that stops sends nothing new.
        }

        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <summary>
    /// One step of the application: <paramref name="decide"/> sees the state and decides, purely, on the answer and the reaction. The
    /// answer is given once the step, and every step that it rests on, is persisted.
    /// </summary>
    /// <exception cref="ChannelFullException">A channel stayed full; nothing was done.</exception>
    /// <exception cref="NotPersistedException">The step was not kept, or that is not known.</exception>
    protected Task<TResult> StepAsync<TResult>(Func<TState, Step<TState, TMessage, TResult>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        if (_failure is not null || !Core.HasJoined) return StepLaterAsync(decide);
        var step = decide(Core.State);
        return step.Reaction is null || HasRoom(step.Reaction) ? ApplyAsync(step) : StepLaterAsync(decide);
    }

    /// <summary>A step that has to wait, for the directory or for room, or that fails.</summary>
    private async Task<TResult> StepLaterAsync<TResult>(Func<TState, Step<TState, TMessage, TResult>> decide)
    {
        await JoinAsync();
        RequireSound();
        var step = decide(Core.State);
        for (var since = _services.Time.GetTimestamp(); step.Reaction is { } reaction && !HasRoom(reaction);)
        {
            await WaitForRoomAsync(_services.Options.MaxWaitForRoom - _services.Time.GetElapsedTime(since));
            RequireSound();
            step = decide(Core.State); // Others have stepped meanwhile.
        }

        return await ApplyAsync(step);
    }

    private Task<TResult> ApplyAsync<TResult>(Step<TState, TMessage, TResult> step)
    {
        if (step.Reaction is not null)
        {
            Core.Apply(step.Reaction, Now);
            _observation?.Observer.Stepped(step.Reaction);
        }

        return Core.Revision == _persistedRevision ? Task.FromResult(step.Result) : _commit.RequestAsync(step.Result);
    }

    /// <summary>Opens the outgoing channel to a process without sending anything; completes once that is persisted.</summary>
    /// <exception cref="NotPersistedException">The step was not kept, or that is not known.</exception>
    protected async Task OpenChannelAsync(ProcessId target)
    {
        await JoinAsync();
        RequireSound();
        Core.OpenChannel(target, Now);
        await PersistedAsync();
    }

    /// <summary>Reads the state as it is persisted, without waiting for anything.</summary>
    protected TResult Read<TResult>(Func<TState, TResult> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        RequireSound();
        return read(_persistedState ?? throw new InvalidOperationException($"{Self} is not loaded"));
    }

    /// <inheritdoc/>
    public async Task RecordAsync(SnapshotNumber snapshot, Epoch epoch, SnapshotAnnouncement announcement)
    {
        await JoinAsync();
        RequireSound();
        if (epoch != Core.Epoch) return; // An ask of another epoch is not obeyed; its collector has ended with its epoch.
        Core.Learn(announcement);
        Core.Initiate(snapshot, Now);
        ReportAgainIfAsked(snapshot);
        _observation?.Look();
        _ = _commit.RequestAsync();
    }

    /// <inheritdoc/>
    public Task LearnAsync(SnapshotAnnouncement announcement)
    {
        RequireSound();
        if (!Core.HasJoined) return Task.CompletedTask; // It has recorded nothing, and is told when it joins.
        Core.Learn(announcement);
        SignalRoom(); // Markers that became void take less of it.
        UpdateWatch();
        RestIfAllReportsAreAccepted();
        WriteLater(); // To forget it costs no more than to be told again.
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task AcceptedAsync(ReportReceipt[] receipts)
    {
        ArgumentNullException.ThrowIfNull(receipts);
        RequireSound();
        var wanted = receipts.ToHashSet();
        foreach (var report in Core.UnacceptedReports().Where(report => wanted.Contains(report.ReceiptFor<TMessage>())).ToList()) Core.Accept(report);
        RestIfAllReportsAreAccepted();
        WriteLater(); // To forget it costs no more than to report again.
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task SettleAsync()
    {
        RequireSound();
        while (Core.HasJoined && (Core.Revision != _persistedRevision || Core.UnacceptedReports().Any()))
        {
            await PersistedAsync();
            if (Core.UnacceptedReports().Any()) await Task.Delay(TimeSpan.FromMilliseconds(1), _services.Time);
            RequireSound();
        }
    }

    /// <summary>Registers a newcomer with the directory before it accepts anything.</summary>
    private Task JoinAsync()
    {
        RequireSound();
        if (Core.HasJoined) return Task.CompletedTask;
        return _joining ??= RegisterAsync();

        async Task RegisterAsync()
        {
            try
            {
                var shard = GrainFactory.GetGrain<IDirectoryShard>(DirectoryKeys.ShardOf(_applicationName, Self));
                var registration = await shard.RegisterAsync(Self, GrainContext.GrainId);
                RequireSound();
                var announcement = _services.Options.AskProcesses ? registration.Announcement : SnapshotAnnouncement.None;
                Core.Join(registration.Epoch, announcement, Now);
                _observation?.Observer.Joined(announcement);
                _observation?.Look();
                Core.Learn(registration.Announcement);
            }
            finally
            {
                _joining = null;
            }
        }
    }

    private void RequireSound()
    {
        if (_failure is not null) throw new NotPersistedException(Self, _failure.Message);
    }
}
