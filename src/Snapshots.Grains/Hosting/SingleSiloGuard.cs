using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;

namespace Snapshots.Grains;

/// <summary>
/// Stops a silo from joining a cluster in which it, or another member, has a <see cref="SingleSiloStorage"/>. Each silo
/// shows its own in its manifest, which every other one reads.
/// </summary>
internal sealed class SingleSiloGuard(IServiceProvider services, TimeProvider time) : IGrainPropertiesProvider, ILifecycleParticipant<ISiloLifecycle>
{
    private const string Property = "snapshots.single-silo";

    /// <summary>How long a member that is listed is waited for: it may be a dead one that is not yet removed.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        if (grainClass == typeof(SnapshotIndexGrain) && services.GetService<SingleSiloStorage>() is { } own) properties[Property] = own.Name;
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle)
    {
        ArgumentNullException.ThrowIfNull(lifecycle);
        // Before the silo takes grains, and once more: another one may have become active at the same time.
        lifecycle.Subscribe(nameof(SingleSiloGuard), ServiceLifecycleStage.BecomeActive - 1, CheckAsync);
        lifecycle.Subscribe(nameof(SingleSiloGuard), ServiceLifecycleStage.Active, CheckAsync);
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var members = services.GetRequiredService<ISiloStatusOracle>();
        var manifests = services.GetRequiredService<IClusterManifestProvider>();
        var own = services.GetService<SingleSiloStorage>();
        var startedAt = time.GetTimestamp();
        while (true)
        {
            var others = members.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(silo => !silo.Equals(members.SiloAddress)).ToList();
            var known = manifests.Current.Silos;
            foreach (var other in others.Where(known.ContainsKey))
            {
                if (own is not null) throw Refusal("This silo", own.Name, $"{other} is a member of its cluster");
                if (StorageOf(known[other]) is { } name) throw Refusal($"The silo {other} of this cluster", name, "this silo would be another member");
            }

            if (others.TrueForAll(known.ContainsKey) || time.GetElapsedTime(startedAt) > MaxWait) return;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static string? StorageOf(GrainManifest manifest) => manifest.Grains.Values
        .Select(grain => grain.Properties.GetValueOrDefault(Property))
        .FirstOrDefault(name => name is not null);

    private static OrleansConfigurationException Refusal(string silo, string storage, string other) => new(
        $"{silo} stores its state in {storage}, which no other silo can read, and {other}: use a shared storage, such as Redis.");
}
