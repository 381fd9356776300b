using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Serialization;

namespace Snapshots.Grains;

/// <summary>Makes <see cref="SnapshotClient"/> a service of a client or a silo.</summary>
public static class SnapshotClientExtensions
{
    /// <summary>
    /// Adds the client of an application's snapshots: under the application's name as key, and without a key for the
    /// application that is added first.
    /// </summary>
    public static IServiceCollection AddSnapshotClient(this IServiceCollection services, string application)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(application);
        services.TryAddKeyedSingleton(application, (provider, _) => new SnapshotClient(
            provider.GetRequiredService<IGrainFactory>(), application, provider.GetRequiredService<Serializer>()));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<SnapshotClient>(application));
        return services;
    }
}
