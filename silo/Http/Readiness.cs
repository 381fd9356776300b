using Snapshots.Storage;

namespace Snapshots.Silo.Http;

/// <summary>
/// Whether the silo can serve right now. Safe to ask from any thread, from before the silo's start on.
/// </summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, ISiloStatusOracle membership, IStorageHealth storage)
{
    /// <summary>Why the silo cannot serve, in one line; null if it can.</summary>
    public string? Obstacle
    {
        get
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested) return "stopping";
            // The membership counts the silo as active shortly before its gateway is open.
            if (!lifetime.ApplicationStarted.IsCancellationRequested) return "starting";
            var status = membership.CurrentStatus;
            if (status != SiloStatus.Active) return $"membership: the silo is {status}";
            if (!storage.IsAvailable) return $"storage: {storage.LastError ?? "unavailable"}";
            return null;
        }
    }
}
