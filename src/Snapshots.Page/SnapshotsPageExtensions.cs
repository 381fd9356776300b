using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Snapshots.Page;

/// <summary>Adds the page of the snapshots to a silo that serves HTTP.</summary>
public static class SnapshotsPageExtensions
{
    /// <summary>Adds the services of the page. The host has an <see cref="IGrainFactory"/>, as a silo has.</summary>
    public static IServiceCollection AddSnapshotsPage(
        this IServiceCollection services, Action<SnapshotsPageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<SnapshotsPageOptions>()
            .Configure(options => configure?.Invoke(options))
            .Validate(
                options => options.Token is not null || options.ReadToken is null,
                "a token that allows to read needs one that allows everything: set Token, too")
            .Validate(options => options.Token is not "" && options.ReadToken is not "", "a token is not empty");
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Sessions>();
        services.AddSingleton<Applications>();
        services.AddSingleton<SnapshotContents>();
        services.AddSingleton<ProcessLists>();
        services.AddSingleton<MessageRate>();
        services.AddSingleton<LiveStates>();
        return services;
    }

    /// <summary>
    /// Checks the rights of every request that comes after it in the pipeline, but for those below <c>/health</c>: also
    /// of those to other endpoints of this host. It belongs before routing.
    /// </summary>
    public static IApplicationBuilder UseSnapshotsPageRights(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var sessions = app.ApplicationServices.GetRequiredService<Sessions>();
        var options = app.ApplicationServices.GetRequiredService<IOptions<SnapshotsPageOptions>>().Value;
        return app.Use(next => new RightsGate(next, sessions, options).InvokeAsync);
    }

    /// <summary>Maps the page to <c>/</c>, and its interface to <c>/api</c>.</summary>
    public static IEndpointRouteBuilder MapSnapshotsPage(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        Assets.Map(endpoints);
        var api = new ApiRoutes(endpoints);
        SnapshotApi.Map(api);
        ContentApi.Map(api);
        RestoreApi.Map(api);
        ClusterApi.Map(api);
        return endpoints;
    }
}
