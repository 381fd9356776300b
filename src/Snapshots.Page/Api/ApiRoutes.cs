using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Snapshots.Page;

/// <summary>Maps the interface below <c>/api</c>. What a handler throws becomes a status and one line.</summary>
internal sealed class ApiRoutes(IEndpointRouteBuilder endpoints)
{
    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    private readonly Applications _applications = endpoints.ServiceProvider.GetRequiredService<Applications>();

    private readonly SnapshotsPageOptions _options =
        endpoints.ServiceProvider.GetRequiredService<IOptions<SnapshotsPageOptions>>().Value;

    private readonly ILogger _logger =
        endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Snapshots.Page");

    /// <summary>Returns a service of the page.</summary>
    public T Service<T>()
        where T : notnull => endpoints.ServiceProvider.GetRequiredService<T>();

    public void Get(string path, Func<ApiCall, Task> handle) => Map(path, ReadMethods, handle);

    public void Post(string path, Func<ApiCall, Task> handle) => Map(path, [HttpMethods.Post], handle);

    public void Delete(string path, Func<ApiCall, Task> handle) => Map(path, [HttpMethods.Delete], handle);

    private void Map(string path, string[] methods, Func<ApiCall, Task> handle) =>
        endpoints.MapMethods($"/api{path}", methods, context => HandleAsync(context, handle));

    private async Task HandleAsync(HttpContext context, Func<ApiCall, Task> handle)
    {
        try
        {
            if (_options.Health?.Invoke(endpoints.ServiceProvider).Obstacle is "starting" or "stopping")
                throw ApiException.Busy("the silo starts or stops: try again, or ask another one");
            await handle(new ApiCall(context, _applications));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone.
        }
#pragma warning disable CA1031 // The last handler: every failure is one line.
        catch (Exception exception)
        {
            var (status, reason) = ApiErrors.Of(exception);
            if (status == StatusCodes.Status500InternalServerError)
                Log.Failed(_logger, context.Request.Path, exception);
            if (context.Response.HasStarted) context.Abort();
            else await RightsGate.RefuseAsync(context, status, reason);
        }
#pragma warning restore CA1031
    }
}

/// <summary>What the page logs.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A request to {Path} failed.")]
    public static partial void Failed(ILogger logger, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The state of {Application} could not be read.")]
    public static partial void Unread(ILogger logger, string application, Exception exception);
}
