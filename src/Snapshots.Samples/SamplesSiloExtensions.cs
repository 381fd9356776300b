using Microsoft.Extensions.DependencyInjection;

namespace Snapshots.Samples;

/// <summary>Adds the samples to a silo.</summary>
public static class SamplesSiloExtensions
{
    /// <summary>
    /// Adds the documents and checks of <see cref="LocksApplication"/> and <see cref="ObjectsApplication"/>. The grains
    /// need nothing else than <see cref="SnapshotsHostingExtensions.AddSnapshots"/>.
    /// </summary>
    public static ISiloBuilder AddSamples(this ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddSingleton<IDocumentFormat<LocksState, LocksMessage>>(LocksFormat.Instance);
        silo.Services.AddSingleton<IDocumentFormat<ObjectState, ObjectMessage>>(ObjectsFormat.Instance);
        return silo.AddCheck<DeadlockCheck>().AddCheck<GarbageCheck>();
    }
}
