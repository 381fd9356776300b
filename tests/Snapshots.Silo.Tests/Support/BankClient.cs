using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Snapshots.Bank;

namespace Snapshots.Silo.Tests;

/// <summary>A client of one silo's gateway.</summary>
internal sealed class BankClient : IAsyncDisposable
{
    private readonly IHost _host;

    private BankClient(IHost host) => _host = host;

    public static async Task<BankClient> Connect(
        IPEndPoint gateway, string clusterId = "snapshots", string serviceId = "bank")
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client => client
            .UseStaticClustering(gateway)
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (clusterId, serviceId)));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new BankClient(host);
    }

    public IAccountGrain Account(string id) => Grain<IAccountGrain>(id);

    public TGrain Grain<TGrain>(string id)
        where TGrain : IGrainWithStringKey => _host.Services.GetRequiredService<IClusterClient>().GetGrain<TGrain>(id);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
