using Orleans.Configuration;
using Snapshots.Bank.Hosting;
using Snapshots.Silo.Http;
using Snapshots.Silo.Settings;
using Snapshots.Storage;

namespace Snapshots.Silo.Hosting;

/// <summary>Puts logs, HTTP and the bank's silo together into one host.</summary>
internal static class SiloHost
{
    /// <summary>How long the silo may start: whoever started it learns of a failure within 30 seconds.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(25);

    /// <summary>
    /// How long the silo may take to stop, in which it finishes calls and puts its grains away: below the 30 seconds
    /// after which supervisors kill.
    /// </summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(25);

    /// <summary>
    /// Makes the host. HTTP starts before the silo and stops after it, so that it can tell how far the silo is; that
    /// is why this is a <see cref="HostBuilder"/>: a web application's server starts last.
    /// </summary>
    /// <param name="settings">The settings, with the ports chosen.</param>
    /// <param name="data">The data directory; the silo closes it when it has stopped.</param>
    /// <param name="metrics">What <c>/metrics</c> shows.</param>
    /// <param name="logs">Where the logs go.</param>
    public static IHost Build(SiloSettings settings, DataDirectory data, SiloMetrics metrics, SiloLogs logs) =>
        new HostBuilder()
            .UseContentRoot(AppContext.BaseDirectory)
            .ConfigureLogging(logs.AddTo)
            .ConfigureServices(services => services
                .Configure<HostOptions>(options =>
                {
                    options.StartupTimeout = StartTimeout;
                    options.ShutdownTimeout = StopTimeout;
                })
                .AddSingleton<IHostLifetime, PassiveLifetime>()
                .AddSingleton<Readiness>())
            .AddHttp(settings.Http, metrics)
            .UseOrleans((_, silo) => AddSilo(silo, settings, data))
            .Build();

    private static void AddSilo(ISiloBuilder silo, SiloSettings settings, DataDirectory data)
    {
        var bank = new BankSiloOptions
        {
            ClusterId = settings.ClusterId,
            ServiceId = settings.ServiceId,
            Address = settings.Address,
            SiloPort = settings.SiloPort,
            GatewayPort = settings.GatewayPort,
        };
        silo.AddBank(bank, data);
        // The one silo keeps the membership itself. It is found at its own address, which need not be the loopback one.
        silo.Configure<DevelopmentClusterMembershipOptions>(
            membership => membership.PrimarySiloEndpoint = new(settings.Address, settings.SiloPort));
    }
}
