namespace Snapshots.Documents;

/// <summary>What became of a snapshot, as its document says; in JSON in lower case.</summary>
public enum DocumentStatus
{
    /// <summary>It has not ended; the document holds its progress.</summary>
    Running,

    /// <summary>The global state is there, with its certificate.</summary>
    Completed,

    /// <summary>It ended without a global state; the document holds its progress and the reason.</summary>
    Aborted,
}
