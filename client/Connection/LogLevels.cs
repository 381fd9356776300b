using Microsoft.Extensions.Logging;

namespace Snapshots.Client;

/// <summary>From which level on logs go to stderr.</summary>
internal static class LogLevels
{
    public static LogLevel Of(ConnectionSettings settings) => settings.Verbose ? LogLevel.Information : LogLevel.None;
}
