using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Snapshots.Bank;
using Snapshots.Bank.Hosting;
using Snapshots.Grains;

namespace Snapshots.Faults.Tests;

/// <summary>
/// A client of its own that tells how long it takes until every account is served again: until each has persisted a
/// request. The request is a withdrawal that must be refused, so it moves no money.
/// </summary>
internal sealed class BankProbe : IAsyncDisposable
{
    private static readonly TimeSpan Try = TimeSpan.FromSeconds(1);

    private readonly IHost _host;
    private int _number;

    private BankProbe(IHost host) => _host = host;

    public static async Task<BankProbe> ConnectAsync(RedisServer redis)
    {
        Assert.True(RedisAddress.TryParse(redis.Address, out var address, out _));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client => client
            .UseBankIn(address)
            .Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1))
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("snapshots", "bank")));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new BankProbe(host);
    }

    /// <summary>The time until the last account has answered.</summary>
    public async Task<TimeSpan> AllServedAsync()
    {
        var startedAt = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, BankUnderTest.Accounts).Select(async index =>
        {
            await ServedAsync(index);
            return Stopwatch.GetElapsedTime(startedAt);
        }));
        return times.Max();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private async Task ServedAsync(int index)
    {
        var grains = _host.Services.GetRequiredService<IClusterClient>();
        var account = grains.GetGrain<IAccountGrain>(string.Create(CultureInfo.InvariantCulture, $"P{index}"));
        var key = RequestKeys.Create(DateTimeOffset.UtcNow, (ulong)Interlocked.Increment(ref _number));
        for (var startedAt = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                var answer = await account.WithdrawAsync(key, new Amount(BankLimits.MaxAmount)).WaitAsync(Try);
                Assert.Equal(RefusalReason.InsufficientFunds, answer.Reason);
                return;
            }
#pragma warning disable CA1031 // Whatever went wrong, it is asked again.
            catch (Exception) when (Stopwatch.GetElapsedTime(startedAt) < TimeSpan.FromSeconds(60))
#pragma warning restore CA1031
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }
}
