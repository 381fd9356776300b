using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Snapshots.Silo.Tests;

/// <summary>A port that is in use.</summary>
internal sealed class PortOccupant : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public PortOccupant() => _listener.Start();

    public string Port => ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

    public void Dispose() => _listener.Dispose();
}
