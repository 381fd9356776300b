using Microsoft.Extensions.Logging.Console;

namespace Snapshots.Silo;

/// <summary>
/// Logs on stderr, one line each. Some of Orleans's are held back while the silo starts or stops, when they say with
/// whole stacks what is no news; not if the level asks for more than warnings.
/// </summary>
internal sealed class SiloLogs(LogLevel level)
{
    /// <summary>
    /// Those that tell of a failed start, which <see cref="StartFailure"/> tells in one line; the watchdog, which
    /// takes the time since the machine's start for a delay when it looks before its first round; and the streams'
    /// agents, which begin while the queues are still being dealt out among the silos.
    /// </summary>
    private static readonly string[] QuietWhileStarting =
    [
        "Microsoft.Extensions.Hosting.Internal.Host",
        "Orleans.Providers.MemoryAdapter",
        "Orleans.Runtime.Silo",
        "Orleans.Runtime.Watchdog",
        "Orleans.Streams",
    ];

    /// <summary>
    /// The memory streams, whose agents still ask for frames when the queues are gone: frames are lost with the silo
    /// anyway, and sent again by the next one. And the calls of the silo itself, which end with it.
    /// </summary>
    private static readonly string[] QuietWhileStopping =
    [
        "Orleans.Messaging",
        "Orleans.Providers.MemoryAdapter",
        "Orleans.Runtime.CallbackData",
        "Orleans.Runtime.MembershipService",
        "Orleans.Streams",
        "Polly",
    ];

    private volatile bool _isStarting = true;
    private volatile bool _isStopping;

    public void StartIsOver() => _isStarting = false;

    public void StopBegins() => _isStopping = true;

    /// <summary>Adds the logs to a host.</summary>
    public void AddTo(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(level);
        if (level >= LogLevel.Warning)
        {
            foreach (var category in QuietWhileStarting)
                logging.AddFilter(category, entry => entry >= level && !_isStarting);
            foreach (var category in QuietWhileStopping)
                logging.AddFilter(category, entry => entry >= level && !_isStopping);
        }

        // stdout has only the line that says that the silo is ready.
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.UseUtcTimestamp = true;
            format.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            format.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
