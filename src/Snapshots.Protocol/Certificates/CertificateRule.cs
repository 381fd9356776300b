namespace Snapshots.Protocol;

/// <summary>What a global state must satisfy to be consistent and complete.</summary>
public enum CertificateRule
{
    /// <summary>
    /// On every channel, delivered at the target's cut is at most sent at the source's cut: no orphan message.
    /// </summary>
    NoOrphan,

    /// <summary>Every channel state is exactly the messages delivered+1 … sent, in order, once each.</summary>
    ChannelState,

    /// <summary>No member had exchanged a message with a process outside at its cut.</summary>
    Closed,

    /// <summary>Every process and every channel stands in the global state once.</summary>
    Unique,
}
