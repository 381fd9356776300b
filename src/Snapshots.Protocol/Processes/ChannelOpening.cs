namespace Snapshots.Protocol;

/// <summary>Which channels come into being when two processes meet.</summary>
public enum ChannelOpening
{
    /// <summary>Both directions, at the one who sends and, on the first frame, at the one who receives.</summary>
    Pair,

    /// <summary>Only the direction that is used or declared.</summary>
    Directed,
}
