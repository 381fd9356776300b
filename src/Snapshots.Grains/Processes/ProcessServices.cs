using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace Snapshots.Grains;

/// <summary>What every participant grain needs from its silo, in one constructor argument.</summary>
public sealed class ProcessServices
{
    /// <summary>Made by the silo's container.</summary>
    public ProcessServices(
        IServiceProvider services, IOptions<SnapshotsOptions> options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        Services = services;
        Options = options.Value;
        Time = time;
        Logger = loggers.CreateLogger("Snapshots.Process");
        Storage = services.GetRequiredService<SnapshotStorage>();
        Reports = services.GetRequiredService<ReportCourier>();
        Watch = services.GetRequiredService<SnapshotWatch>();
        Unfinished = services.GetRequiredService<UnfinishedCourier>();
        Waker = services.GetRequiredService<Waker>();
        Instruments = services.GetRequiredService<SnapshotInstruments>();
    }

    internal IServiceProvider Services { get; }

    internal SnapshotsOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal IGrainStorage Storage { get; }

    internal ReportCourier Reports { get; }

    internal SnapshotWatch Watch { get; }

    internal UnfinishedCourier Unfinished { get; }

    internal Waker Waker { get; }

    internal SnapshotInstruments Instruments { get; }
}
