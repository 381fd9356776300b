using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Snapshots.Faults.Tests;

/// <summary>Up to three silos on a real Redis.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const int Size = 3;

    private readonly TemporaryFolder _folder = new();

    private Cluster(RedisServer redis)
    {
        Redis = redis;
        Bank = new BankUnderTest($"--redis {redis.Address}");
    }

    public RedisServer Redis { get; }

    public BankUnderTest Bank { get; }

    public List<Silo> Silos { get; } = [];

    [SuppressMessage("Reliability", "CA2000", Justification = "The cluster owns its Redis.")]
    public static async Task<Cluster> StartAsync(string address = "127.0.0.1") =>
        new(await RedisServer.StartAtAsync(address));

    /// <summary>Starts as many silos as are missing.</summary>
    public Task CompleteAsync()
    {
        Silos.RemoveAll(silo => silo.Process.HasExited);
        return Task.WhenAll(Enumerable.Range(0, Size - Silos.Count).Select(_ => AddSiloAsync()));
    }

    public Task AddSiloAsync() => AddSiloAsync([]);

    /// <summary>Adds a silo under a program that is put before its command line.</summary>
    public async Task AddSiloAsync(IReadOnlyList<string> under, params IEnumerable<string> arguments)
    {
        var silo = await Silo.StartUnderAsync(
            under, _folder.Path, ["--redis", Redis.Address, "--gateway-port=0", .. arguments]);
        lock (Silos) Silos.Add(silo);
    }

    /// <summary>Takes a silo out of the list that is dead, or will be.</summary>
    public Silo Take(int index)
    {
        var silo = Silos[index];
        Silos.RemoveAt(index);
        return silo;
    }

    /// <summary>A counter over all silos.</summary>
    public async Task<long> CounterAsync(string name) =>
        (await Task.WhenAll(Silos.Select(silo => silo.CounterAsync(name)))).Sum();

    /// <summary>Waits until no silo writes; returns how long after the beginning the last write was.</summary>
    public async Task<TimeSpan> QuietAsync()
    {
        var startedAt = Stopwatch.GetTimestamp();
        var (last, lastAt) = (-1L, TimeSpan.Zero);
        await Wait.UntilAsync("no silo writes", async () =>
        {
            var (writes, now) = (await CounterAsync("snapshots_commits_total"), Stopwatch.GetElapsedTime(startedAt));
            if (writes != last) (last, lastAt) = (writes, now);
            return now - lastAt > TimeSpan.FromSeconds(4);
        });
        return lastAt;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos) await silo.DisposeAsync();
        await Redis.DisposeAsync();
        Bank.Dispose();
        _folder.Dispose();
    }
}
