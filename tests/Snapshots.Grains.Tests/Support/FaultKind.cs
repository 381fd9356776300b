namespace Snapshots.Grains.Tests;

/// <summary>How a write fails.</summary>
public enum FaultKind
{
    /// <summary>It does not take effect.</summary>
    Before,

    /// <summary>It takes effect, but its writer gets an error.</summary>
    After,

    /// <summary>Another activation has written.</summary>
    Conflict,
}
