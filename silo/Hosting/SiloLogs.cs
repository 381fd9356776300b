using Microsoft.Extensions.Logging.Console;

namespace Snapshots.Silo;

/// <summary>
/// Logs to stderr, one line each. While the silo starts or stops, some categories of Orleans are dropped: they print
/// stack traces for normal events. A level below Warning prints them too.
/// </summary>
internal sealed partial class SiloLogs(LogLevel level)
{
    /// <summary>
    /// Categories that report a failed start, which <see cref="StartFailure"/> reports in one line; the watchdog, which
    /// mistakes the time since the machine's start for a delay in its first round; and the agents of the streams, which
    /// begin while the queues are still being assigned to silos.
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
    /// The streams, whose agents still poll when the queues are gone: frames that are lost with the silo are sent
    /// again. And the calls of the silo itself, which end with it.
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

    /// <summary>Warns of what may lose acknowledged writes.</summary>
    [LoggerMessage(1, LogLevel.Warning, "{Danger}")]
    public static partial void Dangerous(ILogger logger, string danger);

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

        // stdout carries the ready line alone.
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
