using StackExchange.Redis;

namespace Snapshots.Faults.Tests;

/// <summary>A Redis that does not keep what it has acknowledged: it evicts, or it has forgotten everything.</summary>
public sealed class CarelessRedisTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_redis_that_evicts_is_warned_of_at_the_start_and_turns_readiness_red()
    {
        await using var redis = await RedisServer.StartAsync(
            "--appendonly", "no", "--appendfsync", "everysec", "--maxmemory", "16mb", "--maxmemory-policy", "allkeys-lru");
        await using var silo = await Silo.StartAsync(_folder.Path, "--redis", redis.Address, "--gateway-port=0");
        string[] warnings =
        [
            $"The Redis at {redis.Address} has appendonly no: a crash of it loses all that it has acknowledged since its last dump. "
                + "Set appendonly yes.",
            $"The Redis at {redis.Address} has appendfsync everysec: a crash of it loses what it has acknowledged in the last second or "
                + "more. Set appendfsync always.",
            $"The Redis at {redis.Address} has maxmemory-policy allkeys-lru: it deletes processes when its memory is short. "
                + "Set maxmemory-policy noeviction.",
        ];
        Assert.All(warnings, warning => Assert.Contains(silo.Process.Errors, line => line.EndsWith(warning, StringComparison.Ordinal)));
        Assert.True((await silo.ReadinessAsync()).IsReady);

        await using (var connection = await ConnectionMultiplexer.ConnectAsync(redis.Address))
        {
            // The membership is among the keys: with few others left it may be deleted, which is red for another reason.
            for (var key = 0; key < 20_000; key++)
                await connection.GetDatabase().StringSetAsync($"junk-{key}", new byte[1024]);
        }

        await RedAsync(silo, "storage: Redis deletes keys, ");
    }

    [Fact]
    public async Task A_redis_that_has_forgotten_everything_turns_readiness_red_and_a_careful_one_gives_no_warning()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var silo = await Silo.StartAsync(_folder.Path, "--redis", redis.Address, "--gateway-port=0");
        Assert.Empty(silo.Process.Errors);
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(redis.Address))
            await connection.GetDatabase().ExecuteAsync("FLUSHALL");
        await RedAsync(silo, "storage: Redis has no row of this silo in the membership table ");
        Assert.True(await silo.IsLiveAsync());
    }

    private static async Task RedAsync(Silo silo, string says)
    {
        var body = "";
        var red = await Wait.UntilAsync("the silo says that it is not ready", async () =>
        {
            (var isReady, body) = await silo.ReadinessAsync();
            return !isReady;
        });
        Campaign.Say($"red after {red.TotalSeconds:0.0} s: {body.TrimEnd()}");
        Assert.StartsWith(says, body, StringComparison.Ordinal);
    }
}
