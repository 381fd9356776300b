namespace Snapshots.Grains;

/// <summary>
/// As many requests as may wait for a call to their target do so already. This one was not sent; it may be made again
/// later.
/// </summary>
public sealed class CallQueueFullException : Exception
{
    /// <summary>Tells how many wait.</summary>
    public CallQueueFullException(int waiting)
        : base($"{waiting} requests wait for calls to the same target already: try again later")
    {
    }
}
