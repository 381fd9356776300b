using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Snapshots.Grains;
using StackExchange.Redis;

namespace Snapshots.Storage;

/// <summary>Adds journals of processes in a Redis.</summary>
public static class RedisJournalExtensions
{
    /// <summary>
    /// Adds journals in a Redis, beside a grain storage of the same name that stores all else. Their keys begin with
    /// the service id of
    /// <see cref="ClusterOptions"/>. What Redis has acknowledged survives its crash only with <c>appendonly yes</c> and
    /// <c>appendfsync always</c>.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The name of the storage, which is that of the snapshots.</param>
    /// <param name="connection">The connection, looked up at each use; it stays the caller's.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISiloBuilder AddRedisProcessJournals(
        this ISiloBuilder builder, string name, Func<IServiceProvider, IConnectionMultiplexer> connection) =>
        builder.ConfigureServices(services => services.AddRedisProcessJournals(name, connection));

    /// <inheritdoc cref="AddRedisProcessJournals(ISiloBuilder, string, Func{IServiceProvider,
    /// IConnectionMultiplexer})"/>
    /// <param name="services">The services of the silo.</param>
    /// <param name="name">The name of the storage, which is that of the snapshots.</param>
    /// <param name="connection">The connection, looked up at each use; it stays the caller's.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddRedisProcessJournals(
        this IServiceCollection services, string name, Func<IServiceProvider, IConnectionMultiplexer> connection)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(connection);
        return services.AddKeyedSingleton<IProcessJournals>(name, (provider, _) => new RedisProcessJournals(
            () => connection(provider), provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId));
    }
}
