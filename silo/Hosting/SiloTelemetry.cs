using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Snapshots.Silo;

/// <summary>Sends traces and metrics to a collector of OpenTelemetry.</summary>
internal static class SiloTelemetry
{
    private const string Source = "Snapshots";

    /// <summary>
    /// Adds the exporters, if an endpoint is set. What cannot be sent is dropped: the silo does not wait for it.
    /// </summary>
    public static void AddTelemetry(this IServiceCollection services, SiloSettings settings)
    {
        if (settings.Otlp is not { } endpoint) return;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                settings.ServiceId, Source, serviceInstanceId: $"{settings.Address}:{settings.SiloPort}"))
            .WithTracing(tracing => tracing.AddSource(Source).AddOtlpExporter(options => Send(options, "v1/traces")))
            .WithMetrics(metrics => metrics
                .AddMeter([.. SiloMetrics.OwnMeters, SiloMetrics.OrleansMeter])
                .AddOtlpExporter(options => Send(options, "v1/metrics")));

        void Send(OtlpExporterOptions options, string path)
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            options.Endpoint = new($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
        }
    }
}
