namespace Snapshots.Protocol;

/// <summary>One of the two processes of a channel.</summary>
public enum ChannelEnd
{
    /// <summary>The process that sends.</summary>
    Source,

    /// <summary>The process that receives.</summary>
    Target,
}
