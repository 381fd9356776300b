using System.Net;
using System.Net.Sockets;

namespace Snapshots.Bank.Hosting;

/// <summary>Finds loopback ports that nobody uses.</summary>
internal static class FreePorts
{
    /// <summary>That many different free ports. Another program may still take one before it is used; then its user fails clearly.</summary>
    public static int[] Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            foreach (var listener in listeners) listener.Start();
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners) listener.Dispose();
        }
    }
}
