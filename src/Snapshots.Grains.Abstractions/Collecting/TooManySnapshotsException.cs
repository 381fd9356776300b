namespace Snapshots.Grains;

/// <summary>As many snapshots are open as may be; wait for one to end, or abort one.</summary>
[GenerateSerializer]
[Alias("snapshots.too-many-snapshots")]
public sealed class TooManySnapshotsException : Exception
{
    /// <summary>Names the limit.</summary>
    public TooManySnapshotsException(int limit)
        : base($"{limit} snapshots are open, which is the limit: wait for one to end, or abort one")
    {
    }
}
