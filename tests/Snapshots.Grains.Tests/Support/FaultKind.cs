namespace Snapshots.Grains.Tests;

/// <summary>How a write fails.</summary>
public enum FaultKind
{
    /// <summary>It does not take effect.</summary>
    Before,

    /// <summary>It takes effect, but its writer is not told so.</summary>
    After,

    /// <summary>Somebody else has written the row.</summary>
    Conflict,
}
