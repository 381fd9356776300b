using System.Text;
using Orleans.Dashboard;
using Prometheus;
using Snapshots.Grains;
using Snapshots.Page;
using Snapshots.Storage;

namespace Snapshots.Silo;

/// <summary>
/// The HTTP endpoints for supervisors and monitoring, <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>,
/// and the page.
/// </summary>
internal static class HttpEndpoints
{
    private const string DashboardPath = "/dashboard";

    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Adds HTTP to a host, on one endpoint; settings and variables of the framework do not change it.
    /// </summary>
    public static IHostBuilder AddHttp(this IHostBuilder host, SiloSettings settings, SiloMetrics metrics) =>
        host.ConfigureWebHost(
            web => web
                .UseKestrelCore()
                .ConfigureKestrel(kestrel =>
                {
                    kestrel.AddServerHeader = false;
                    kestrel.Listen(settings.Http);
                })
                .ConfigureServices(services => services
                    .AddRouting()
                    .AddSnapshotsPage(page =>
                    {
                        (page.Token, page.ReadToken) = (settings.HttpToken, settings.HttpReadToken);
                        page.Health = HealthOf;
                    }))
                .Configure(app => app
                    .UseSnapshotsPageRights()
                    .UseWhen(IsDashboard, dashboard => dashboard.Use(AllowInline))
                    .UseRouting()
                    .UseEndpoints(endpoints => Map(endpoints, settings, metrics))),
            options => options.SuppressEnvironmentConfiguration = true);

    private static void Map(IEndpointRouteBuilder endpoints, SiloSettings settings, SiloMetrics metrics)
    {
        var readiness = endpoints.ServiceProvider.GetRequiredService<Readiness>();
        endpoints.MapMethods("/health/live", ReadMethods, context => Answer(context, null, "live"));
        endpoints.MapMethods(
            "/health/ready",
            ReadMethods,
            context => Answer(context, readiness.Obstacle, readiness.Degradation ?? "ready"));
        endpoints.MapMetrics(options => options.Registry = metrics.Registry);
        endpoints.MapSnapshotsPage();
        if (settings.Dashboard) endpoints.MapOrleansDashboard(DashboardPath);
    }

    private static bool IsDashboard(HttpContext context) => context.Request.Path.StartsWithSegments(DashboardPath);

    /// <summary>
    /// The dashboard of Orleans has scripts and styles in its page, which that of the snapshots forbids.
    /// </summary>
    private static Task AllowInline(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";
        return next(context);
    }

    private static PageHealth HealthOf(IServiceProvider services)
    {
        var readiness = services.GetRequiredService<Readiness>();
        return new(readiness.Obstacle, readiness.Degradation);
    }

    private static Task Answer(HttpContext context, string? obstacle, string fine)
    {
        var response = context.Response;
        response.StatusCode = obstacle is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        var body = Encoding.UTF8.GetBytes($"{obstacle ?? fine}\n");
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}

/// <summary>Reports whether the silo can serve now. Thread-safe; usable before the silo starts.</summary>
internal sealed class Readiness(
    IHostApplicationLifetime lifetime, ISiloStatusOracle membership, IStorageHealth storage, SnapshotsHealth snapshots)
{
    private const int MaxNames = 10;

    /// <summary>Why the silo cannot serve, in one line; null if it can.</summary>
    public string? Obstacle
    {
        get
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested) return "stopping";
            // The membership counts the silo as active shortly before its gateway is open.
            if (!lifetime.ApplicationStarted.IsCancellationRequested) return "starting";
            var status = membership.CurrentStatus;
            if (status != SiloStatus.Active) return $"membership: the silo is {status}";
            if (!storage.IsAvailable) return $"storage: {storage.LastError ?? "unavailable"}";
            return snapshots.Obstacle;
        }
    }

    /// <summary>What is damaged, in one line, while the silo as a whole serves; null if nothing is.</summary>
    public string? Degradation
    {
        get
        {
            var damaged = snapshots.Damaged;
            if (damaged.Count == 0) return null;
            var more = damaged.Count > MaxNames ? $" and {damaged.Count - MaxNames} more" : string.Empty;
            return $"degraded: the stored state is damaged of {string.Join(", ", damaged.Take(MaxNames))}{more}";
        }
    }
}
