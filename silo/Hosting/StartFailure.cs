using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Snapshots.Silo.Settings;
using Snapshots.Storage;

namespace Snapshots.Silo.Hosting;

/// <summary>Finds in what a host throws when it cannot start the one line that its user needs.</summary>
internal static class StartFailure
{
    /// <summary>The exception to fail with in place of this one.</summary>
    public static StartupException Explain(Exception exception, SiloSettings settings)
    {
        var causes = Causes(exception).ToList();
        if (causes.OfType<DataDirectoryException>().FirstOrDefault() is { } damaged)
            return new(damaged.Message, exception);
        if (causes.Any(IsPortInUse))
            return ExplainPort(exception, settings);
        if (causes.Any(cause => cause is OperationCanceledException or OrleansLifecycleCanceledException or TimeoutException))
            return new($"The silo did not start within {SiloHost.StartTimeout.TotalSeconds} seconds.", exception);

        return new($"The silo could not start: {exception.GetBaseException().Message}", exception);
    }

    private static StartupException ExplainPort(Exception exception, SiloSettings settings)
    {
        try
        {
            // The host does not say which of the ports it was; trying them again does.
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
