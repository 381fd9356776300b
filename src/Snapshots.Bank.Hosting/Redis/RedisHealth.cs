using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Snapshots.Storage;
using StackExchange.Redis;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// Checks once a second, on the connections of membership and state, whether this silo is in the membership table,
/// whether a write succeeds, and whether the Redis evicts keys. A write also detects what a ping does not: a full disk
/// or memory, a read-only server.
/// </summary>
internal sealed partial class RedisHealth(
    IConnectionMultiplexer membership,
    IConnectionMultiplexer state,
    BankSiloOptions options,
    ILocalSiloDetails silo,
    ILogger<RedisHealth> logger)
    : BackgroundService, IStorageHealth
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>The lifetime of the key that the check writes.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly RedisKey _table = RedisClusteringOptions.DefaultCreateRedisKey(
        new ClusterOptions { ClusterId = options.ClusterId, ServiceId = options.ServiceId });

    private readonly RedisKey _trace =
        $"{options.ServiceId}/health/{options.ClusterId}/{options.Address}:{options.SiloPort}";
    private readonly EvictionWatch _evictions = new();
    private volatile string? _error = "Redis has not been tried.";

    public bool IsAvailable => _error is null;

    public string? LastError => _error;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wasAvailable = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            _error = await FindErrorAsync();
            if (_error is { } error && wasAvailable) LogUnavailable(logger, error);
            if (_error is null && !wasAvailable) LogAvailable(logger);
            wasAvailable = _error is null;
            await Task.Delay(Period, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _error = "The silo has stopped.";
    }

    [SuppressMessage("Design", "CA1031", Justification = "The Redis cannot be used, whatever fails.")]
    private async Task<string?> FindErrorAsync()
    {
        // Without a connection a command would wait for one.
        if (!membership.IsConnected || !state.IsConnected) return "Redis cannot be reached";
        try
        {
            var table = membership.GetDatabase().HashExistsAsync(_table, silo.SiloAddress.ToString());
            var trace = state.GetDatabase().StringSetAsync(_trace, 1, Kept);
            var life = RedisSettings.ReadLifeAsync(state.GetDatabase());
            await Task.WhenAll(table, trace, life).WaitAsync(Timeout);
            var evicts = await life is var (runId, evicted)
                ? _evictions.Take(runId, evicted, Environment.TickCount64)
                : null;
            if (evicts is not null) return evicts;
            return await table
                ? null
                : $"Redis has no row of this silo in the membership table {_table}: it was emptied, or restarted "
                    + "without its data";
        }
        catch (TimeoutException)
        {
            return $"Redis has not answered within {Timeout.TotalSeconds} seconds";
        }
        catch (RedisServerException exception)
        {
            return $"Redis refuses to write: {Line(exception)}";
        }
        catch (Exception exception)
        {
            return $"Redis cannot be reached: {Line(exception)}";
        }
    }

    private static string Line(Exception exception) => exception.Message.ReplaceLineEndings(" ");

    [LoggerMessage(1, LogLevel.Error, "The storage cannot be used: {Error}.")]
    private static partial void LogUnavailable(ILogger logger, string error);

    [LoggerMessage(2, LogLevel.Information, "The storage can be used.")]
    private static partial void LogAvailable(ILogger logger);
}

/// <summary>Whether a Redis evicts keys.</summary>
internal sealed class EvictionWatch
{
    /// <summary>How long an eviction counts, in milliseconds.</summary>
    public const long ShownMs = 60_000;

    private (string RunId, long Evicted)? _last;
    private long _evicted;
    private long? _evictedAt;

    /// <summary>Takes a look; returns what is wrong, or null.</summary>
    /// <param name="runId">The life of the Redis: its counters start with it.</param>
    /// <param name="evicted">Keys that it has evicted in this life.</param>
    /// <param name="now">The time in milliseconds.</param>
    public string? Take(string runId, long evicted, long now)
    {
        var before = _last is not { } last ? evicted : last.RunId == runId ? last.Evicted : 0;
        _last = (runId, evicted);
        if (evicted > before)
        {
            _evicted += evicted - before;
            _evictedAt = now;
        }

        return now - _evictedAt < ShownMs
            ? $"Redis deletes keys, {_evicted} since this silo looks, since its memory is short: set "
                + "maxmemory-policy noeviction"
            : null;
    }
}
