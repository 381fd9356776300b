using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Configuration;
using Snapshots.Bank.Hosting;

namespace Snapshots.Client;

/// <summary>An Orleans client of one gateway, or of the gateways that a Redis lists.</summary>
internal static class GatewayHost
{
    private static readonly TimeSpan GatewayRefreshPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Connects, or gives up within the timeout.</summary>
    /// <exception cref="ClientException">The cluster cannot be reached.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "The cluster is unreachable, whatever Orleans throws.")]
    public static async Task<IHost> StartAsync(
        ConnectionSettings settings, ConnectionLoss loss, CancellationToken interrupted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        limit.CancelAfter(settings.Timeout);
        try
        {
            var endpoint = settings.Gateway is { } gateway ? await GatewayProbe.FindAsync(gateway, limit.Token) : null;
            return await StartAsync(Build(settings, endpoint, loss), limit.Token);
        }
        catch (RedisException exception)
        {
            throw new ClientException(ErrorCode.ClusterUnreachable, exception.Message, exception);
        }
        catch (Exception exception) when (!interrupted.IsCancellationRequested)
        {
            var reason = exception is OperationCanceledException
                ? FormattableString.Invariant($"no answer within {settings.Timeout.TotalSeconds} s")
                : Failures.Line(exception.Message);
            var where = settings.Gateway is { } named
                ? $"at {named.Host}:{named.Port}"
                : $"of the Redis at {settings.Redis}";
            // A gateway of another cluster or service takes the connection and then does not answer.
            var hint = exception is SocketException
                ? string.Empty
                : $"; it must be the cluster '{settings.ClusterId}' (--cluster-id) of the service "
                    + $"'{settings.ServiceId}' (--service-id), {(settings.Tls is null ? "without" : "with")} TLS";
            var message = $"the cluster {where} cannot be reached: {reason}{hint}";
            throw new ClientException(ErrorCode.ClusterUnreachable, message, exception);
        }
    }

    private static async Task<IHost> StartAsync(IHost host, CancellationToken cancellationToken)
    {
        // Orleans does not always observe the token while it connects; the wait ends in any case.
        var start = host.StartAsync(cancellationToken);
        try
        {
            await start.WaitAsync(cancellationToken);
            return host;
        }
        catch
        {
            _ = start.ContinueWith(
                static (_, state) => ((IHost)state!).Dispose(),
                host,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
            throw;
        }
    }

    private static IHost Build(ConnectionSettings settings, IPEndPoint? endpoint, ConnectionLoss loss)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(settings.LogLevel);
        if (settings.Verbose)
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<IHostLifetime, PassiveLifetime>();
        builder.UseOrleansClient(client =>
        {
            if (endpoint is not null) client.UseStaticClustering(endpoint);
            else client.UseBankIn(settings.Redis!);
            if (settings.Tls is { } tls) client.UseBankTls(tls);
            client.AddClusterConnectionLostHandler((_, _) => loss.Notify());
            client.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = settings.ClusterId;
                cluster.ServiceId = settings.ServiceId;
            });
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = settings.Timeout);
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayRefreshPeriod);
        });
        ClientTypes.Reduce(builder.Services);
        return builder.Build();
    }
}

/// <summary>
/// Removes the silo's parts of this program from what an Orleans client registers by itself, which is every assembly of
/// the program with grains or serializers: their types take a tenth of a command's time to load.
/// </summary>
internal static class ClientTypes
{
    /// <summary>What a client sends and receives.</summary>
    private static readonly Assembly[] Parts =
    [
        typeof(IClusterClient).Assembly,
        typeof(IGrain).Assembly,
        typeof(Serializer).Assembly,
        typeof(GenerateSerializerAttribute).Assembly,
        typeof(SnapshotClient).Assembly,
        typeof(IAccountGrain).Assembly,
    ];

    /// <summary>Keeps the types of the client's own parts.</summary>
    public static void Reduce(IServiceCollection services)
    {
        for (var index = services.Count - 1; index >= 0; index--)
        {
            var (service, part) = (services[index].ServiceType, services[index].ImplementationType?.Assembly);
            if (service != typeof(IConfigureOptions<TypeManifestOptions>) || Parts.Contains(part)) continue;
            services.RemoveAt(index);
        }
    }
}

/// <summary>Finds an address of a gateway that accepts connections, so that a wrong one is reported at once.</summary>
internal static class GatewayProbe
{
    /// <summary>Returns the first address of the host that accepts a connection.</summary>
    /// <exception cref="SocketException">The name is unknown, or no address accepts a connection.</exception>
    public static async Task<IPEndPoint> FindAsync(DnsEndPoint gateway, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(gateway.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(gateway.Host, cancellationToken);

        // Version 4 first: "localhost" often has both, and a silo listens on 127.0.0.1 unless told otherwise.
        var last = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses.OrderBy(address => address.AddressFamily != AddressFamily.InterNetwork))
        {
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(address, gateway.Port, cancellationToken);
                return new IPEndPoint(address, gateway.Port);
            }
            catch (SocketException exception)
            {
                last = exception;
            }
        }

        throw last;
    }
}
