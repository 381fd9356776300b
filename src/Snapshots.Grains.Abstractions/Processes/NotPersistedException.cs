using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// A step could not be persisted, or it is not known whether it was. The process was reloaded from its storage; a retry
/// of the same request, under the same key, settles what became of it.
/// </summary>
[GenerateSerializer]
[Alias("snapshots.not-persisted")]
public sealed class NotPersistedException : Exception
{
    /// <summary>Names the process and the storage's complaint.</summary>
    public NotPersistedException(ProcessId process, string complaint)
        : base($"the state of {process} could not be kept: {complaint}")
    {
    }
}
