using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Serialization;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// The grain that hosts one process. An application derives from it, marks the class with <see cref="SnapshotProcessAttribute"/>,
/// hands in its <see cref="IApplication{TState, TMessage}"/>, and turns each of its grain methods into one call of
/// <see cref="StepAsync{TResult}"/>, <see cref="StepAllAsync{TItem, TResult}"/> or <see cref="Read{TResult}"/>.
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
