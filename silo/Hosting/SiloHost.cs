using Snapshots.Bank.Hosting;

namespace Snapshots.Silo;

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
    /// <param name="storage">Where everything is kept; to be closed when the silo has stopped.</param>
    /// <param name="metrics">What <c>/metrics</c> shows.</param>
    /// <param name="logs">Where the logs go.</param>
    public static IHost Build(SiloSettings settings, BankStorage storage, SiloMetrics metrics, SiloLogs logs) =>
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
                .AddSingleton<IFatalErrorHandler, FatalStop>()
                .AddSingleton<Readiness>())
            .AddHttp(settings.Http, metrics)
            .UseOrleans((_, silo) => AddSilo(silo, settings, storage))
            .Build();

    private static void AddSilo(ISiloBuilder silo, SiloSettings settings, BankStorage storage)
    {
        var bank = new BankSiloOptions
        {
            ClusterId = settings.ClusterId,
            ServiceId = settings.ServiceId,
            Address = settings.Address,
            SiloPort = settings.SiloPort,
            GatewayPort = settings.GatewayPort,
        };
        silo.AddBank(bank, storage);
    }
}
