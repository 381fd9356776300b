using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Snapshots.Bank;
using Snapshots.Bank.Hosting;
using Snapshots.Grains;
using Snapshots.Protocol;

namespace Snapshots.Faults.Tests;

/// <summary>
/// A client that stays connected through all faults. It tells how long it takes until every account is served again:
/// until each has persisted a request, a withdrawal that must be refused, so that it moves no money.
/// </summary>
internal sealed class BankProbe : IAsyncDisposable
{
    private static readonly TimeSpan Try = TimeSpan.FromSeconds(1);

    private readonly IHost _host;
    private int _number;

    private BankProbe(IHost host) => _host = host;

    private IClusterClient Grains => _host.Services.GetRequiredService<IClusterClient>();

    private SnapshotClient Snapshots => new(Grains, BankApplication.Name);

    public static Task<BankProbe> ConnectAsync(RedisServer redis)
    {
        Assert.True(RedisAddress.TryParse(redis.Address, out var address, out _));
        return ConnectAsync(client => client
            .UseBankIn(address)
            .Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1)));
    }

    public static Task<BankProbe> ConnectAsync(string gateway) =>
        ConnectAsync(client => client.UseStaticClustering(IPEndPoint.Parse(gateway)));

    /// <summary>Begins a restore, and returns its number.</summary>
    public async Task<RestoreNumber> BeginRestoreAsync(string snapshot) =>
        (await Snapshots.BeginRestoreAsync(new(new SnapshotId(snapshot), "", TakesSafety: true))).Number;

    /// <summary>
    /// Waits until a restore has come that far, or further; returns how far it is. No answer is no progress.
    /// </summary>
    public async Task<RestoreStatus> RestoreIsAtAsync(RestoreNumber number, RestoreStatus status)
    {
        var now = RestoreStatus.Preparing;
        await Wait.UntilAsync($"restore {number} is {status}", async () =>
        {
            try
            {
                var view = await Snapshots.GetRestoreAsync(number).WaitAsync(Try);
                now = view!.Summary.Status;
                return now >= status;
            }
#pragma warning disable CA1031 // Whatever went wrong, it is asked again.
            catch (Exception)
#pragma warning restore CA1031
            {
                return false;
            }
        });
        return now;
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

    private static async Task<BankProbe> ConnectAsync(Action<IClientBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            configure(client);
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("snapshots", "bank"));
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new BankProbe(host);
    }

    private async Task ServedAsync(int index)
    {
        var account = Grains.GetGrain<IAccountGrain>(string.Create(CultureInfo.InvariantCulture, $"P{index}"));
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
