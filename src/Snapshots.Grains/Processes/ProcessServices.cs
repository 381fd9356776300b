using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>What every participant grain needs from its silo, in one constructor argument.</summary>
public sealed class ProcessServices
{
    private readonly IServiceProvider _services;
    private readonly SnapshotJournals _journals;

    /// <summary>Made by the silo's container.</summary>
    public ProcessServices(
        IServiceProvider services, IOptions<SnapshotsOptions> options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        _services = services;
        Options = options.Value;
        Limits = Options.ToProtocolLimits();
        Time = time;
        NotTaken = new(time);
        Logger = loggers.CreateLogger("Snapshots.Process");
        Failures = services.GetRequiredService<CallFailures>();
        Grains = services.GetRequiredService<IGrainFactory>();
        _journals = services.GetRequiredService<SnapshotJournals>();
        Reports = services.GetRequiredService<ReportCourier>();
        Watch = services.GetRequiredService<SnapshotWatch>();
        Unfinished = services.GetRequiredService<UnfinishedCourier>();
        Waker = services.GetRequiredService<Waker>();
        Health = services.GetRequiredService<SnapshotsHealth>();
        Instruments = services.GetRequiredService<SnapshotInstruments>();
        ParticipantOptions = ParticipantOptions.Default with
        {
            RestMs = (int)Math.Min(Options.RestBeforeListingEnds.TotalMilliseconds, int.MaxValue),
            RecordsWhatIsOpen = Options.AskProcesses,
            Markers = Options.AskProcesses ? Options.Markers : MarkerPolicy.EveryChannel,
            RestAfterMs = Options.RestsProcesses ? (int)Options.RestAfter!.Value.TotalMilliseconds : null,
        };
    }

    internal SnapshotsOptions Options { get; }

    /// <summary>The bounds of the core, the retention of keys among them.</summary>
    internal ProtocolLimits Limits { get; }

    internal ParticipantOptions ParticipantOptions { get; }

    internal TimeProvider Time { get; }

    internal Instant Now => new(Time.GetTimestamp() / (Time.TimestampFrequency / 1000));

    internal ILogger Logger { get; }

    internal CallFailures Failures { get; }

    /// <summary>Limits the lines about packets that processes could not read.</summary>
    internal LogLimit NotTaken { get; }

    internal IGrainFactory Grains { get; }

    internal ReportCourier Reports { get; }

    internal SnapshotWatch Watch { get; }

    internal UnfinishedCourier Unfinished { get; }

    internal Waker Waker { get; }

    internal SnapshotsHealth Health { get; }

    internal SnapshotInstruments Instruments { get; }

    /// <summary>What a write waits for before it begins.</summary>
    internal Func<Task> Gather { get; } = PoolTrips.MakeAsync;

    internal ProcessJournal OpenJournal(GrainId process) => _journals.Open(process);

    internal PayloadCodec<TState> States<TState>()
        where TState : notnull => new(_services.GetRequiredService<Serializer<TState>>());

    internal MessageCodec<TMessage> Messages<TMessage>()
        where TMessage : notnull =>
        new(new(_services.GetRequiredService<Serializer<TMessage>>()), _services.GetService<IMessageForm<TMessage>>());

    internal OutcomeCodec<TResult> Outcomes<TResult>() => _services.GetRequiredService<OutcomeCodec<TResult>>();

    internal FrameCourier<TMessage> Frames<TMessage>()
        where TMessage : notnull => _services.GetRequiredService<FrameCourier<TMessage>>();

    internal ProcessRecordCodec<TState, TMessage> Records<TState, TMessage>(PayloadCodec<TState> states, MessageCodec<TMessage> messages)
        where TState : notnull
        where TMessage : notnull => new(new(states, _services.GetService<IStateDifference<TState>>()), messages);

    internal IProcessObserver<TState, TMessage>? Observer<TState, TMessage>() => _services.GetService<IProcessObserver<TState, TMessage>>();
}
