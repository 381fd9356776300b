namespace Snapshots.Grains;

/// <summary>How a snapshot stands. Every snapshot ends as completed or aborted.</summary>
public enum SnapshotStatus
{
    /// <summary>Its reports are being collected.</summary>
    Running = 0,

    /// <summary>Its certificate holds and it is kept.</summary>
    Completed = 1,

    /// <summary>It was given up, for a reason that it names.</summary>
    Aborted = 2,
}
