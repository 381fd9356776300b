using Snapshots.Protocol;

namespace Snapshots.Grains;

/// <summary>
/// A channel's window was full for longer than a caller may wait, or too many callers wait already. Nothing was done;
/// the caller may try again.
/// </summary>
[GenerateSerializer]
[Alias("snapshots.channel-full")]
public sealed class ChannelFullException : Exception
{
    /// <summary>Names the process that has no room.</summary>
    public ChannelFullException(ProcessId process)
        : base($"{process} has more messages under way than it may have: try again later")
    {
    }
}
