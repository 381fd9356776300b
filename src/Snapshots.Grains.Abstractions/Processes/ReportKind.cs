namespace Snapshots.Grains;

/// <summary>The kinds of reports, as they stand on the wire.</summary>
public enum ReportKind
{
    /// <summary>A local state with its counts.</summary>
    Local = 0,

    /// <summary>The state of one channel.</summary>
    Channel = 1,

    /// <summary>A recording that has outgrown its limit.</summary>
    Overflow = 2,
}
