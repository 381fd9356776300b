using Microsoft.Extensions.Logging;

namespace Snapshots.Storage;

internal sealed partial class GroupWriter
{
    private const int UnavailableId = 6001;
    private const int AvailableId = 6002;

    [LoggerMessage(
        UnavailableId,
        LogLevel.Error,
        "{Reason} Writes fail until this ends; the next line about it tells when.")]
    private partial void LogUnavailable(string reason, Exception cause);

    [LoggerMessage(AvailableId, LogLevel.Warning, "The storage can write again.")]
    private partial void LogAvailable();
}
