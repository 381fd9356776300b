namespace Snapshots.Bank.Grains.Tests;

/// <summary>What goes wrong with a write.</summary>
public enum WriteFault
{
    /// <summary>It does not take effect.</summary>
    Before,

    /// <summary>It takes effect, but its writer is not told so.</summary>
    After,

    /// <summary>Somebody else has written the row.</summary>
    Conflict,

    /// <summary>It takes as long as the test likes.</summary>
    Slow,
}
