using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Serialization;
using Snapshots.Grains;
using Snapshots.Storage;
using StackExchange.Redis;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// Everything in a Redis: grain state, reminders, and the membership of a cluster of any number of silos. What the bank has accepted is
/// kept as well as the Redis keeps it: acknowledged writes survive its crash only with <c>appendonly yes</c> and
/// <c>appendfsync always</c>.
/// </summary>
public sealed class RedisBankStorage : BankStorage
{
    /// <summary>Apart from the state, so that a pile of large writes does not hold up the membership.</summary>
    private readonly ConnectionMultiplexer _membership;
    private readonly ConnectionMultiplexer _state;
    private readonly RedisAddress _address;

    private RedisBankStorage(RedisAddress address, ConnectionMultiplexer membership, ConnectionMultiplexer state)
    {
        _address = address;
        _membership = membership;
        _state = state;
    }

    /// <inheritdoc/>
    public override string Name => "redis";

    /// <summary>Connects to a Redis.</summary>
    /// <exception cref="RedisException">It cannot be reached; one line says why.</exception>
    public static async Task<RedisBankStorage> OpenAsync(RedisAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var membership = await address.ConnectAsync();
        try
        {
            return new(address, membership, await address.ConnectAsync());
        }
        catch
        {
            await membership.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _state.DisposeAsync();
        await _membership.DisposeAsync();
    }

    /// <inheritdoc/>
    internal override void AddTo(ISiloBuilder silo, BankSiloOptions options)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.Configure<ClusterMembershipOptions>(FailureDetection.Configure);
        silo.UseRedisClustering((RedisClusteringOptions redis) =>
        {
            redis.ConfigurationOptions = _address.Options();
            redis.CreateMultiplexer = _ => Task.FromResult((Multiplexer: (IConnectionMultiplexer)_membership, IsShared: true));
        });
        silo.AddRedisGrainStorage(BankSiloExtensions.StorageName, storage => storage.Configure<Serializer>((redis, serializer) =>
        {
            redis.ConfigurationOptions = _address.Options();
            redis.CreateMultiplexer = _ => Task.FromResult((Multiplexer: (IConnectionMultiplexer)_state, IsShared: true));
            redis.GrainStorageSerializer = new StoredRowSerializer(new OrleansStateSerializer(serializer));
            // A state that is cleared shall leave nothing. Its etags are random, so no stale one fits what is written after it.
            redis.DeleteStateOnClear = true;
        }));
        silo.AddRedisProcessJournals(BankSiloExtensions.StorageName, _ => _state);
        silo.UseRedisReminderService(redis =>
        {
            redis.ConfigurationOptions = _address.Options();
            redis.CreateMultiplexer = _ => Task.FromResult((Multiplexer: (IConnectionMultiplexer)_state, IsShared: true));
        });
        silo.Services.AddSingleton(_ => new RedisHealth(_membership, _state, options));
        silo.Services.AddSingleton<IStorageHealth>(services => services.GetRequiredService<RedisHealth>());
        silo.Services.AddSingleton<IHostedService>(services => services.GetRequiredService<RedisHealth>());
    }
}
