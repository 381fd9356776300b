using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Snapshots.Storage;

namespace Snapshots.Silo;

/// <summary>Turns the exception of a failed start into one line for the user.</summary>
internal static class StartFailure
{
    /// <summary>Returns the exception to throw instead.</summary>
    public static StartupException Explain(Exception exception, SiloSettings settings)
    {
        var causes = Causes(exception).ToList();
        if (causes.OfType<DataDirectoryException>().FirstOrDefault() is { } damaged)
            return new(damaged.Message, exception);
        if (causes.Any(IsPortInUse))
            return ExplainPort(exception, settings);
        if (causes.Any(IsTimeout))
            return new($"The silo did not start within {SiloHost.StartTimeout.TotalSeconds} seconds.", exception);

        return new($"The silo could not start: {exception.GetBaseException().Message}", exception);
    }

    private static StartupException ExplainPort(Exception exception, SiloSettings settings)
    {
        try
        {
            // The host does not say which port it was; trying them again does.
            PortReservation.Reserve(settings).Dispose();
        }
        catch (StartupException explained)
        {
            return explained;
        }

        return new(
            $"One of the ports {settings.SiloPort}, {settings.GatewayPort} and {settings.HttpPort} "
                + $"on {settings.Address} was in use while the silo started.",
            exception);
    }

    private static bool IsTimeout(Exception cause) =>
        cause is OperationCanceledException or OrleansLifecycleCanceledException or TimeoutException;

    private static bool IsPortInUse(Exception cause) =>
        cause is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse };

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        IEnumerable<Exception> inner = exception switch
        {
            AggregateException many => many.InnerExceptions,
            { InnerException: { } one } => [one],
            _ => [],
        };
        return inner.SelectMany(Causes).Prepend(exception);
    }
}

/// <summary>The silo cannot start with its settings. The message is one line for the operator.</summary>
internal sealed class StartupException(string message, Exception? innerException = null)
    : Exception(message, innerException);

/// <summary>
/// Reserves the three ports of a silo by listening on them until the silo itself does. If another program takes a port
/// after <see cref="Dispose"/>, the start fails, and <see cref="StartFailure"/> explains why.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private readonly List<TcpListener> _listeners = [];

    /// <summary>
    /// Reserves in the reverse order of the start (HTTP, silo, gateway). After a failed start the host may still hold
    /// the ports before the failed one, so this order names the one that failed.
    /// </summary>
    private PortReservation(SiloSettings wanted) => Settings = wanted with
    {
        GatewayPort = Listen(Setting.GatewayPort, "gateway", wanted.Address, wanted.GatewayPort),
        SiloPort = Listen(Setting.SiloPort, "silo", wanted.Address, wanted.SiloPort),
        HttpPort = Listen(Setting.HttpPort, "HTTP", wanted.HttpAddress, wanted.HttpPort),
    };

    /// <summary>The settings with a real port in place of each 0.</summary>
    public SiloSettings Settings { get; }

    /// <summary>Reserves the ports.</summary>
    /// <exception cref="StartupException">A port cannot be listened on; none is reserved then.</exception>
    public static PortReservation Reserve(SiloSettings wanted) => new(wanted);

    public void Dispose()
    {
        foreach (var listener in _listeners) listener.Dispose();
    }

    private int Listen(Setting setting, string name, IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);
        _listeners.Add(listener);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException exception)
        {
            Dispose();
            throw new StartupException(Explain(exception, setting, name, new(address, port)), exception);
        }
    }

    private static string Explain(SocketException exception, Setting setting, string name, IPEndPoint endpoint) =>
        exception.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                $"The {name} port {endpoint.Port} on {endpoint.Address} is in use; "
                    + $"choose another with {setting.Option}.",
            SocketError.AddressNotAvailable => $"The address {endpoint.Address} is not one of this machine.",
            SocketError.AccessDenied => $"This user may not listen on the {name} port {endpoint.Port}.",
            _ => $"The {name} port {endpoint.Port} on {endpoint.Address} cannot be listened on: {exception.Message}",
        };
}
