using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// A process cannot finish its part in a snapshot, since its handler throws at a message. All that follows on that
/// channel waits until a new build handles the message.
/// </summary>
[GenerateSerializer]
[Alias("snapshots.blocked-channel")]
public sealed class BlockedChannelException : Exception
{
    /// <summary>Names the process, the message and the failure, in one line.</summary>
    public BlockedChannelException(GrainId process, HandlerException failure)
        : base($"The handler of {process} throws at {failure?.Subject}: {failure?.Reason}")
    {
    }
}
