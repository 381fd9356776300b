using Microsoft.Extensions.Hosting;
using Orleans.Clustering.Redis;
using StackExchange.Redis;

namespace Snapshots.Bank.Hosting;

/// <summary>How clients find a cluster of the bank that has its membership in a Redis.</summary>
public static class BankClientExtensions
{
    /// <summary>Finds the silos in a Redis. Starting the client fails with a <see cref="RedisException"/> if it cannot be reached.</summary>
    public static IClientBuilder UseBankIn(this IClientBuilder client, RedisAddress address)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(address);
        return client.UseRedisClustering((RedisClusteringOptions redis) =>
        {
            redis.ConfigurationOptions = address.Options();
            redis.CreateMultiplexer = async _ => (Multiplexer: (IConnectionMultiplexer)await address.ConnectAsync(), IsShared: false);
        });
    }
}
