using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace Snapshots.Grains;

/// <summary>Answers other silos, so that they know that they reach this one.</summary>
[Alias("snapshots.reach")]
internal interface IReachService : IGrainService
{
    /// <summary>Answers.</summary>
    [Alias("ping")]
    Task PingAsync();
}

/// <summary>See <see cref="IReachService"/>.</summary>
internal sealed class ReachService(GrainId id, Silo silo, ILoggerFactory loggers) : GrainService(id, silo, loggers), IReachService
{
    /// <inheritdoc/>
    public Task PingAsync() => Task.CompletedTask;
}

/// <summary>The service of any silo of the cluster.</summary>
internal sealed class ReachClient(IServiceProvider services) : GrainServiceClient<IReachService>(services)
{
    public Task PingAsync(SiloAddress silo) => GetGrainService(silo).PingAsync();
}

/// <summary>Which silos have not been reached, and since when.</summary>
internal sealed class ReachTable
{
    /// <summary>
    /// A member that is not reached for so long is an obstacle. The cluster removes a dead member sooner.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Dictionary<SiloAddress, long> _missedSince = [];

    /// <summary>Takes the result of a round.</summary>
    /// <param name="members">The other active members of the cluster, and whether each was reached.</param>
    /// <param name="now">The time in milliseconds.</param>
    /// <returns>What is wrong; null if all is well.</returns>
    public string? Take(IEnumerable<(SiloAddress Silo, bool WasReached)> members, long now)
    {
        _missedSince = members.Where(member => !member.WasReached)
            .ToDictionary(member => member.Silo, member => _missedSince.GetValueOrDefault(member.Silo, now));
        var lost = _missedSince.Where(entry => now - entry.Value >= Patience.TotalMilliseconds).Select(entry => $"{entry.Key.Endpoint}").Order(StringComparer.Ordinal).ToList();
        return lost.Count == 0
            ? null
            : $"cluster: no answer for {Patience.TotalSeconds} s from {string.Join(", ", lost)}, which the cluster counts as active";
    }
}

/// <summary>
/// Calls every other active silo once a second. The failure detector of Orleans leaves a silo in the cluster while any
/// other one reaches it; so two silos that cannot reach each other would go on, and what each of them asks of the other
/// would fail.
/// </summary>
internal sealed partial class ClusterReach(
    ReachClient client, ISiloStatusOracle members, SnapshotsHealth health, TimeProvider time, ILogger<ClusterReach> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ReachTable _table = new();
    private Task _run = Task.CompletedTask;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(ClusterReach),
        ServiceLifecycleStage.Active,
        _ =>
        {
            _run = Task.Run(RunAsync, CancellationToken.None);
            return Task.CompletedTask;
        },
        async _ =>
        {
            await _stopping.CancelAsync();
            await _run;
        });

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        var token = _stopping.Token;
        while (!token.IsCancellationRequested)
        {
            var others = members.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(silo => !silo.Equals(members.SiloAddress));
            var results = await Task.WhenAll(others.Select(async silo => (silo, await IsReachedAsync(silo))));
            var obstacle = _table.Take(results, time.GetTimestamp() / (time.TimestampFrequency / 1000));
            if (obstacle is not null && health.Obstacle is null) LogNotReached(logger, obstacle);
            health.Obstacle = obstacle;
            await Task.Delay(Period, time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        health.Obstacle = null;
    }

    private async Task<bool> IsReachedAsync(SiloAddress silo)
    {
        try
        {
            await client.PingAsync(silo).WaitAsync(Timeout, time, _stopping.Token);
            return true;
        }
        catch (Exception)
        {
            return _stopping.IsCancellationRequested;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "This silo is not ready: {Obstacle}.")]
    private static partial void LogNotReached(ILogger logger, string obstacle);
}
