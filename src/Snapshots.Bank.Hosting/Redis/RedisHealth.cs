using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Snapshots.Storage;
using StackExchange.Redis;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// Tries once a second, on the very connections that membership and state use, whether the membership table is there and whether
/// something can be written. A write also shows what an answer to a ping hides: a full disk or memory, a server that only reads.
/// </summary>
internal sealed class RedisHealth(IConnectionMultiplexer membership, IConnectionMultiplexer state, BankSiloOptions options)
    : BackgroundService, IStorageHealth
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>The trace that a silo leaves vanishes by itself.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly RedisKey _table = RedisClusteringOptions.DefaultCreateRedisKey(
        new ClusterOptions { ClusterId = options.ClusterId, ServiceId = options.ServiceId });

    private readonly RedisKey _trace = $"{options.ServiceId}/health/{options.ClusterId}/{options.Address}:{options.SiloPort}";
    private volatile string? _error = "Redis has not been tried.";

    public bool IsAvailable => _error is null;

    public string? LastError => _error;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            _error = await FindErrorAsync();
            await Task.Delay(Period, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _error = "The silo has stopped.";
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong, the Redis cannot be used.")]
    private async Task<string?> FindErrorAsync()
    {
        // What is asked while there is no connection waits for one.
        if (!membership.IsConnected || !state.IsConnected) return "Redis cannot be reached";
        try
        {
            var table = membership.GetDatabase().KeyExistsAsync(_table);
            var trace = state.GetDatabase().StringSetAsync(_trace, 1, Kept);
            await Task.WhenAll(table, trace).WaitAsync(Timeout);
            return await table ? null : $"Redis has no membership table {_table}: it was emptied, or restarted without its data";
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
}
