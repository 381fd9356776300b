using Microsoft.Extensions.Logging;

namespace Snapshots.Storage;

internal sealed partial class SqliteGrainStorage
{
    private const int OpenedId = 6003;
    private const int ClosedId = 6004;

    [LoggerMessage(OpenedId, LogLevel.Information, "The storage {Name} opened {Directory}.")]
    private partial void LogOpened(string name, string directory);

    [LoggerMessage(ClosedId, LogLevel.Information, "The storage {Name} has committed everything and closed.")]
    private partial void LogClosed(string name);
}
