namespace Snapshots.Simulator;

/// <summary>How far a snapshot of a search is.</summary>
internal enum CollectorPhase
{
    /// <summary>It has no number yet.</summary>
    NotBegun,

    /// <summary>Reports are missing.</summary>
    Running,

    /// <summary>The certificate holds.</summary>
    Completed,

    /// <summary>It was aborted.</summary>
    Aborted,
}
