namespace Snapshots.Simulator;

/// <summary>The version of one row of the simulated storage; what the row holds is its owner's.</summary>
internal sealed class StoredRow(int number)
{
    /// <summary>Which row.</summary>
    public int Number { get; } = number;

    /// <summary>How often somebody tried to write it.</summary>
    public ulong Attempts { get; set; }

    /// <summary>How often it was written.</summary>
    public long Version { get; set; }

    /// <summary>Writes of it that may still take effect.</summary>
    public int UnderWay { get; set; }
}
