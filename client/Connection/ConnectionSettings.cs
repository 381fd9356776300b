using System.Net;
using Snapshots.Bank.Hosting;

namespace Snapshots.Client;

/// <summary>Which cluster to talk to, and how.</summary>
/// <param name="Gateway">The gateway; none to find one in the Redis, or to host the silo in this process.</param>
/// <param name="Redis">The Redis in which the cluster has its membership, if it has it there.</param>
/// <param name="DataDirectory">The data directory of a silo in this process.</param>
/// <param name="ClusterId">The cluster's id.</param>
/// <param name="ServiceId">The service's id.</param>
/// <param name="Timeout">How long to connect, and how long a call may take.</param>
/// <param name="Verbose">Whether logs go to stderr.</param>
internal sealed record ConnectionSettings(
    DnsEndPoint? Gateway,
    RedisAddress? Redis,
    string DataDirectory,
    string ClusterId,
    string ServiceId,
    TimeSpan Timeout,
    bool Verbose)
{
    /// <summary>Whether the silo is to be hosted in this process.</summary>
    public bool IsEmbedded => Gateway is null && Redis is null;
}
