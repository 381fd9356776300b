using System.Net;
using System.Net.Sockets;

namespace Snapshots.Client;

/// <summary>Finds an address of a gateway that takes connections, so that one which does not is told at once and in plain words.</summary>
internal static class GatewayProbe
{
    /// <summary>The first address of the host that takes a connection.</summary>
    /// <exception cref="SocketException">The name is unknown, or no address takes a connection.</exception>
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
