using Orleans.Dashboard;
using Snapshots.Bank.Hosting;

namespace Snapshots.Silo;

/// <summary>Builds the host: logs, HTTP and the bank's silo.</summary>
internal static class SiloHost
{
    /// <summary>The longest start: its operator learns of a failure within 30 seconds.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(25);

    /// <summary>
    /// The longest stop, in which the silo finishes calls and deactivates its grains: below the 30 seconds after which
    /// supervisors kill.
    /// </summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(25);

    /// <summary>
    /// Builds the host. HTTP starts before the silo and stops after it, so that it can report the silo's state. Hence
    /// the <see cref="HostBuilder"/>: the server of a web application starts last.
    /// </summary>
    /// <param name="settings">The settings, with the ports chosen.</param>
    /// <param name="storage">The storage; close it after the silo has stopped.</param>
    /// <param name="metrics">The metrics of <c>/metrics</c>.</param>
    /// <param name="logs">The logs.</param>
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
            .ConfigureServices(services => services.AddTelemetry(settings))
            .AddHttp(settings, metrics)
            .UseOrleans((_, silo) => AddSilo(silo, settings, storage))
            .Build();

    private static void AddSilo(ISiloBuilder silo, SiloSettings settings, BankStorage storage)
    {
        var bank = new BankSiloOptions
        {
            ClusterId = settings.ClusterId,
            ServiceId = settings.ServiceId,
            Applications = settings.Applications,
            Address = settings.Address,
            SiloPort = settings.SiloPort,
            GatewayPort = settings.GatewayPort,
            Tls = settings.Tls,
        };
        silo.AddBank(bank, storage, snapshots =>
        {
            snapshots.MaxProcessesByMessage = settings.MaxUnopened;
            snapshots.FlightRecorderEvents = settings.FlightRecorder;
            snapshots.RestAfter = settings.RestAfter == 0 ? null : TimeSpan.FromSeconds(settings.RestAfter);
        });
        if (settings.Dashboard) silo.AddDashboard();
    }
}
