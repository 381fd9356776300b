namespace Snapshots.Protocol;

/// <summary>How far the collection of a global state is.</summary>
public enum CollectionStatus
{
    /// <summary>Reports are missing.</summary>
    Running,

    /// <summary>All is there and the certificate holds.</summary>
    Complete,

    /// <summary>All is there, or a recording has outgrown its limit, and the snapshot can never complete.</summary>
    Failed,
}
