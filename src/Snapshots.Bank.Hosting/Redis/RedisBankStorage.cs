using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Serialization;
using Snapshots.Grains;
using Snapshots.Storage;
using StackExchange.Redis;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// Stores everything in a Redis: grain state, reminders, and the membership of a cluster of any size. Acknowledged
/// writes survive a crash of the Redis only with <c>appendonly yes</c> and <c>appendfsync always</c>.
/// </summary>
public sealed class RedisBankStorage : BankStorage
{
    /// <summary>A connection of its own, so that large writes of state do not delay the membership.</summary>
    private readonly ConnectionMultiplexer _membership;
    private readonly ConnectionMultiplexer _state;
    private readonly RedisAddress _address;

    private RedisBankStorage(
        RedisAddress address,
        ConnectionMultiplexer membership,
        ConnectionMultiplexer state,
        IReadOnlyList<string> warnings)
    {
        Warnings = warnings;
        _address = address;
        _membership = membership;
        _state = state;
    }

    /// <inheritdoc/>
    public override string Name => "redis";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; }

    /// <summary>Connects to a Redis.</summary>
    /// <exception cref="RedisException">It cannot be reached; one line says why.</exception>
    public static async Task<RedisBankStorage> OpenAsync(RedisAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var membership = await address.ConnectAsync();
        try
        {
            var warnings = await RedisSettings.FindDangersAsync(membership.GetDatabase(), address);
            return new(address, membership, await address.ConnectAsync(), warnings);
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
        silo.Configure<ClusterOptions>(cluster =>
            (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.Configure<ClusterMembershipOptions>(FailureDetection.Configure);
        silo.UseRedisClustering((RedisClusteringOptions redis) =>
        {
            redis.ConfigurationOptions = _address.Options();
            redis.CreateMultiplexer = _ => Share(_membership);
        });
        silo.AddRedisGrainStorage(
            BankSiloExtensions.StorageName,
            storage => storage.Configure<Serializer>((redis, serializer) =>
            {
                redis.ConfigurationOptions = _address.Options();
                redis.CreateMultiplexer = _ => Share(_state);
                redis.GrainStorageSerializer = new StoredRowSerializer(new OrleansStateSerializer(serializer));

                // A cleared state leaves nothing. Etags are random, so a stale one never fits a later state.
                redis.DeleteStateOnClear = true;
            }));
        silo.AddRedisProcessJournals(BankSiloExtensions.StorageName, _ => _state);
        silo.UseRedisReminderService(redis =>
        {
            redis.ConfigurationOptions = _address.Options();
            redis.CreateMultiplexer = _ => Share(_state);
        });
        silo.Services.AddSingleton(services => new RedisHealth(
            _membership,
            _state,
            options,
            services.GetRequiredService<ILocalSiloDetails>(),
            services.GetRequiredService<ILogger<RedisHealth>>()));
        silo.Services.AddSingleton<IStorageHealth>(services => services.GetRequiredService<RedisHealth>());
        silo.Services.AddSingleton<IHostedService>(services => services.GetRequiredService<RedisHealth>());
    }

    private static Task<(IConnectionMultiplexer Multiplexer, bool IsShared)> Share(IConnectionMultiplexer connection) =>
        Task.FromResult((Multiplexer: connection, IsShared: true));
}

/// <summary>
/// How fast the silos of a cluster declare a silo dead: about three seconds after it was killed or stopped answering.
/// </summary>
internal static class FailureDetection
{
    public static void Configure(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 2;

        // Two silos must agree, so that a silo with a bad network does not stop the others. A silo that has not updated
        // the table for four seconds has no vote: the last of three silos can declare dead two that were killed at
        // once.
        membership.NumVotesForDeathDeclaration = 2;
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedTableIAmAliveLimit = 2;

        // Silos gossip about changes; the refresh reaches a silo that missed the gossip.
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
    }
}
