using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Snapshots.Storage;
using StackExchange.Redis;

namespace Snapshots.Bank.Hosting;

/// <summary>
/// Checks once a second, on the connections of membership and state, whether the membership table exists and whether a
/// write succeeds. A write also detects what a ping does not: a full disk or memory, a read-only server.
/// </summary>
internal sealed class RedisHealth(
    IConnectionMultiplexer membership, IConnectionMultiplexer state, BankSiloOptions options)
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

    [SuppressMessage("Design", "CA1031", Justification = "The Redis cannot be used, whatever fails.")]
    private async Task<string?> FindErrorAsync()
    {
        // Without a connection a command would wait for one.
        if (!membership.IsConnected || !state.IsConnected) return "Redis cannot be reached";
        try
        {
            var table = membership.GetDatabase().KeyExistsAsync(_table);
            var trace = state.GetDatabase().StringSetAsync(_trace, 1, Kept);
            await Task.WhenAll(table, trace).WaitAsync(Timeout);
            return await table
                ? null
                : $"Redis has no membership table {_table}: it was emptied, or restarted without its data";
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
