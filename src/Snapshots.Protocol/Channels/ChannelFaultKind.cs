namespace Snapshots.Protocol;

/// <summary>What an impossible input says about its channel.</summary>
public enum ChannelFaultKind
{
    /// <summary>
    /// The sender holds acknowledgements for frames that this receiver has not delivered: the receiver went back.
    /// </summary>
    ReceiverWentBack,

    /// <summary>An acknowledgement names a frame that this sender has not sent: the sender went back.</summary>
    SenderWentBack,

    /// <summary>
    /// The messages delivered are not the messages that were sent: the sender went back and took another way.
    /// </summary>
    DigestMismatch,

    /// <summary>
    /// A message's number, or the count that a marker carries, is not the number of messages delivered.
    /// </summary>
    CountMismatch,

    /// <summary>A second marker of one snapshot on one channel.</summary>
    SecondMarker,

    /// <summary>An input of a newer epoch: this process has missed a restore.</summary>
    NewerEpoch,
}
