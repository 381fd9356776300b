using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Snapshots.Bank;
using Snapshots.Bank.Hosting;

namespace Snapshots.Silo.Tests;

/// <summary>A client of one silo's gateway.</summary>
internal sealed class BankClient : IAsyncDisposable
{
    private readonly IHost _host;

    private BankClient(IHost host) => _host = host;

    public static async Task<BankClient> Connect(
        IPEndPoint gateway, string clusterId = "snapshots", string serviceId = "bank", Tls? tls = null, TimeSpan? tries = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(gateway)
                .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (clusterId, serviceId));
            if (tls is not null) client.UseBankTls(tls);
        });
        var host = builder.Build();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        if (tries is { } limit) patience.CancelAfter(limit);
        try
        {
            // Orleans tries again and again, and does not always observe the token.
            await host.StartAsync(patience.Token).WaitAsync(patience.Token);
            return new BankClient(host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IClusterClient>();

    public IAccountGrain Account(string id) => Grain<IAccountGrain>(id);

    public TGrain Grain<TGrain>(string id)
        where TGrain : IGrainWithStringKey => _host.Services.GetRequiredService<IClusterClient>().GetGrain<TGrain>(id);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
