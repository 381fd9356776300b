using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Metadata;
using Orleans.Streams;

namespace Snapshots.Grains;

/// <summary>Adds snapshots to a silo.</summary>
public static class SnapshotsHostingExtensions
{
    /// <summary>
    /// Batches that a pulling agent hands over at a time: one of ours holds all that waits for its inbox.
    /// </summary>
    private const int BatchesPerDelivery = 1;

    /// <summary>
    /// Adds the snapshot machinery: the streams that carry frames, the couriers, the watch. The silo needs a grain
    /// storage provider named <see cref="SnapshotsOptions.StorageName"/> besides, and grains that derive from <see
    /// cref="ProcessGrain{TState, TMessage}"/>.
    /// </summary>
    /// <exception cref="OrleansConfigurationException">At start-up, when an option cannot work; the message says
    /// which.</exception>
    public static ISiloBuilder AddSnapshots(this ISiloBuilder builder, Action<SnapshotsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<SnapshotsOptions>().Configure(options => configure?.Invoke(options));
        services.AddSingleton<IConfigurationValidator, SnapshotsOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SnapshotInstruments>();
        services.AddSingleton<SiloStopping>();
        services.AddSingleton<CallFailures>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            provider => provider.GetRequiredService<SiloStopping>());
        services.AddSingleton(typeof(FrameCourier<>));
        services.AddSingleton(typeof(OutcomeCodec<>));
        services.AddSingleton<ReportCourier>();
        services.AddSingleton<SnapshotStorage>();
        services.AddSingleton<SnapshotJournals>();
        services.AddSingleton<UnfinishedCourier>();
        services.AddSingleton<SnapshotApplications>();
        services.AddSingleton<IConfigurationValidator>(provider => provider.GetRequiredService<SnapshotApplications>());
        services.AddSingleton<IIncomingGrainCallFilter, ClientCallFilter>();
        services.AddSingleton(_ => new SnapshotsHealth());
        services.AddSingleton<SingleSiloGuard>();
        services.AddSingleton<IGrainPropertiesProvider>(provider => provider.GetRequiredService<SingleSiloGuard>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            provider => provider.GetRequiredService<SingleSiloGuard>());
        services.AddGrainService<ReachService>();
        services.AddSingleton<ReachClient>();
        services.AddSingleton<ClusterReach>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            provider => provider.GetRequiredService<ClusterReach>());
        services.AddSingleton<ApplicationReaders>();
        builder.AddStartupTask(ShowSeriesAsync);
        services.AddSingleton<ProcessServices>();
        services.AddSingleton<Waker>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<Waker>());
        services.AddSingleton<SnapshotWatch>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            provider => provider.GetRequiredService<SnapshotWatch>());
        services.AddOptions<HashRingStreamQueueMapperOptions>(SnapshotsOptions.StreamProvider)
            .Configure<IOptions<SnapshotsOptions>>(
                (queues, options) => queues.TotalQueueCount = options.Value.StreamQueues);
        services.AddOptions<StreamPullingAgentOptions>(SnapshotsOptions.StreamProvider)
            .Configure<IOptions<SnapshotsOptions>>((agent, options) =>
            {
                agent.GetQueueMsgsTimerPeriod = options.Value.StreamPollPeriod;
                agent.BatchContainerBatchSize = BatchesPerDelivery;
            });
        services.AddSingleton<FrameQueues>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<FrameQueueAdapter>(
            provider,
            SnapshotsOptions.StreamProvider,
            provider.GetOptionsByName<HashRingStreamQueueMapperOptions>(SnapshotsOptions.StreamProvider)));
        services.AddSingleton<IPacketSender>(provider => provider.GetRequiredService<FrameQueueAdapter>());
        return builder.AddPersistentStreams(
            SnapshotsOptions.StreamProvider,
            (provider, _) => provider.GetRequiredService<FrameQueueAdapter>(),
            streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly));
    }

    /// <summary>Every series is there before anything happens, so that an alarm sees the first change.</summary>
    private static Task ShowSeriesAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var instruments = services.GetRequiredService<SnapshotInstruments>();
        var readers = services.GetRequiredService<ApplicationReaders>();
        foreach (var application in services.GetRequiredService<SnapshotApplications>().Names)
            instruments.Host(application, readers.Of(application).Checks);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Puts a <see cref="FrameGate{TMessage}"/> in front of the stream of one application, as a service of the silo.
    /// </summary>
    public static ISiloBuilder AddFrameGate<TMessage>(this ISiloBuilder builder, string application)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(services => new FrameGate<TMessage>(services, application));
        builder.Services.AddSingleton<IFrameGate<TMessage>>(
            services => services.GetRequiredService<FrameGate<TMessage>>());
        return builder;
    }
}
