using System.Net;
using System.Net.Sockets;
using Snapshots.Silo.Settings;

namespace Snapshots.Silo.Hosting;

/// <summary>
/// The three ports of a silo, held by listening on them until the silo itself does. Whoever takes one between
/// <see cref="Dispose"/> and then makes the start fail; <see cref="StartFailure"/> explains that.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private readonly List<TcpListener> _listeners = [];

    /// <summary>
    /// Against the order of the start (HTTP, silo, gateway), so that after a failed start the port that is named is the
    /// one that failed: the host may still hold those before it.
    /// </summary>
    private PortReservation(SiloSettings wanted) => Settings = wanted with
    {
        GatewayPort = Listen(Setting.GatewayPort, "gateway", wanted.Address, wanted.GatewayPort),
        SiloPort = Listen(Setting.SiloPort, "silo", wanted.Address, wanted.SiloPort),
        HttpPort = Listen(Setting.HttpPort, "HTTP", wanted.Address, wanted.HttpPort),
    };

    /// <summary>The settings with a real port in place of each 0.</summary>
    public SiloSettings Settings { get; }

    /// <summary>Takes the ports.</summary>
    /// <exception cref="StartupException">One cannot be listened on; nothing is held then.</exception>
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
            SocketError.AccessDenied => $"This account may not listen on the {name} port {endpoint.Port}.",
            _ => $"The {name} port {endpoint.Port} on {endpoint.Address} cannot be listened on: {exception.Message}",
        };
}
