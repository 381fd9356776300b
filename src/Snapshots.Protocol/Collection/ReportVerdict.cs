namespace Snapshots.Protocol;

/// <summary>What became of a report.</summary>
public enum ReportVerdict
{
    /// <summary>It is new, and kept, also that of a stranger, who may be drawn in.</summary>
    Accepted,

    /// <summary>It was there before; the first one stands.</summary>
    Duplicate,

    /// <summary>It is of another epoch, and not kept: it would join two histories.</summary>
    WrongEpoch,
}
