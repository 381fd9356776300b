namespace Snapshots.Client;

/// <summary>What is known of a transfer.</summary>
internal enum TransferOutcome
{
    /// <summary>It may have been executed or not.</summary>
    Unknown,

    /// <summary>The money has left its sender.</summary>
    Accepted,

    /// <summary>Nothing has happened, and nothing will.</summary>
    Refused,
}
